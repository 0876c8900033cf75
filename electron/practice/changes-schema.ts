import { object, string } from 'yup'
import { ADDRESS_PARTS, TEXT_FIELDS } from './wire.ts'

const text = () => string().nullable()
const texts = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, text()]))
/** Default undefined: what is absent stays absent, null clears. */
const part = (names: readonly string[]) => object(texts(names)).noUnknown().nullable().default(undefined)

/** Changes to a customer by the names and types of their fields; whether a value may be written the model decides. */
export const CHANGES = object({
  ...texts(TEXT_FIELDS),
  address: part(ADDRESS_PARTS),
  tax_ids: part(['eu_vat']),
}).noUnknown()
