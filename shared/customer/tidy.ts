import { birthdayKey } from './canonical.ts'
import {
  ADDRESS_PARTS,
  TEXT_FIELDS,
  type Address,
  type CustomerField,
  type CustomerFields,
  type TextField,
} from './customer.ts'
import { plainPhone } from './phone-key.ts'

/** What a form holds: some fields, any of them empty, undefined or absent. */
export type RawFields = { readonly [F in CustomerField]?: RawValue<F> }
type RawValue<F extends CustomerField> = F extends 'address'
  ? RawAddress | null | undefined
  : string | null | undefined
export type RawAddress = { readonly [P in keyof Address]?: string | null | undefined }

/**
 * What a person typed, as it is kept: NFC, trimmed, `\n` for line breaks, digits of any keyboard in a phone number,
 * birthday with year `0000` where there is none. Nothing left of a field is `null`; every field is present.
 */
export function tidyFields(raw: RawFields): CustomerFields {
  const tidy: { [F in TextField]: string | null } & { address: Address | null } = {
    ...(Object.fromEntries(TEXT_FIELDS.map((field) => [field, tidyText(field, raw[field])])) as Record<
      TextField,
      string | null
    >),
    address: tidyAddress(raw.address),
  }
  return tidy
}

/** One text field, tidied; see `tidyFields`. */
export function tidyText(field: TextField, raw: string | null | undefined): string | null {
  if (typeof raw !== 'string') return null
  switch (field) {
    case 'note':
      return raw.normalize('NFC').replace(/\r\n?/g, '\n').trim() || null
    case 'birthday':
      return birthdayKey(raw) || null
    case 'phoneNumber':
      return plainPhone(tidyLine(raw)).trim() || null
    case 'euVat':
      // Written with blanks, dots and dashes on paper; Square takes letters and digits only.
      return tidyLine(raw).replace(/[\s.-]/g, '') || null
    default:
      return tidyLine(raw) || null
  }
}

/** An address without empty parts, its country in capitals; `null` where no part is left. */
export function tidyAddress(raw: RawAddress | null | undefined): Address | null {
  if (raw === null || raw === undefined) return null
  const address: Address = {}
  for (const part of ADDRESS_PARTS) {
    const value = tidyLine(raw[part] ?? '')
    if (value !== '') address[part] = part === 'country' ? value.toUpperCase() : value
  }
  return Object.keys(address).length === 0 ? null : address
}

/** One line has no line breaks: they go as an input element drops them, so a value shown in one compares as untouched. */
function tidyLine(raw: string): string {
  return raw
    .normalize('NFC')
    .replace(/[\r\n]+/g, '')
    .trim()
}
