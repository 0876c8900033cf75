import fc from 'fast-check'
import {
  ADDRESS_PARTS,
  CUSTOMER_FIELDS,
  type Address,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
  type Patch,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'

/** Few enough that two draws often collide: equal values, shared lines and lost races are where merging goes wrong. */
const NAMES = [
  'Ana',
  'Anna',
  'ANA',
  'Björn',
  'Bjo\u0308rn',
  '王小明',
  'שלום',
  'O’Connor',
  'x',
  '👩‍👩‍👧',
  'a\u202egpj.exe',
] as const
const PHONES = [
  '415-555-0100',
  '+1 (415) 555-0100',
  '4155550100',
  '+442079460958',
  '(212) 555 4240',
  '123456789',
] as const
const EMAILS = ['ana@example.com', 'Ana@Example.com', 'a+b@x.example', 'bjorn@münchen.example'] as const
const BIRTHDAYS = ['0000-02-29', '0000-09-01', '1980-09-01', '1981-09-01', '2000-02-29'] as const
const NOTE_LINES = ['called', 'size 4', 'size 42', 'nuts!', 'pays cash', '', 'called  '] as const
const PART_VALUES: Record<string, readonly string[]> = {
  addressLine1: ['1 Main St', '2 High St'],
  addressLine2: ['Flat 3'],
  locality: ['York', 'Leeds'],
  postalCode: ['YO1 7HH', '90210'],
  country: ['GB', 'US'],
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 })

/** Any text of UTF-16 units at all, halves of surrogate pairs and control characters included. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff)), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units))

/** A note of a few lines, often sharing some with another draw. */
export const anyNote: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...NOTE_LINES), { minLength: 1, maxLength: 6 })
  .map((lines) => lines.join('\n'))
  .filter((note) => note.trim() !== '')

/** An address with at least one part. */
export const anyAddress: fc.Arbitrary<Address> = fc
  .record(
    Object.fromEntries(
      ADDRESS_PARTS.filter((part) => part in PART_VALUES).map((part) => [
        part,
        fc.constantFrom(...PART_VALUES[part]!),
      ]),
    ),
    { requiredKeys: [] },
  )
  .map((parts) => ({ ...parts }))
  .filter((address) => Object.keys(address).length > 0)

/** A value a field may hold at Square: null, plain, or in another spelling of one drawn before. */
export function anyValue<F extends CustomerField>(field: F): fc.Arbitrary<FieldValue<F>> {
  return orNull(textOrAddress(field)) as fc.Arbitrary<FieldValue<F>>
}
function textOrAddress(field: CustomerField): fc.Arbitrary<string | Address> {
  switch (field) {
    case 'address':
      return anyAddress
    case 'phoneNumber':
      return fc.constantFrom(...PHONES)
    case 'emailAddress':
      return fc.constantFrom(...EMAILS)
    case 'birthday':
      return fc.constantFrom(...BIRTHDAYS)
    case 'note':
      return anyNote
    case 'euVat':
      return fc.constantFrom('IE3426675K', 'DE129273398')
    default:
      return fc.constantFrom(...NAMES)
  }
}

/** A whole card, any field of it unset; not always one that Square would create. */
export const anyFields: fc.Arbitrary<CustomerFields> = fc.record(
  Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, anyValue(field)])),
) as unknown as fc.Arbitrary<CustomerFields>

/** What staff did to a card they were shown: some fields touched, each with the base that was on the screen. */
export function anyPatch(shown: CustomerFields): fc.Arbitrary<Patch> {
  return fc
    .subarray([...CUSTOMER_FIELDS])
    .chain((fields) =>
      fc
        .tuple(...fields.map((field) => anyValue(field)))
        .map(
          (locals) =>
            Object.fromEntries(
              fields.map((field, i) => [field, { base: shown[field], local: locals[i] }]),
            ) as Patch,
        ),
    )
}

/** The same card after somebody else has worked on it: some fields set anew, the others as they were. */
export function anyEdited(fields: CustomerFields): fc.Arbitrary<CustomerFields> {
  return anyPatch(fields).map((patch) => ({
    ...fields,
    ...Object.fromEntries(Object.entries(patch).map(([f, change]) => [f, change.local])),
  }))
}

/** A card, a patch made on it and the card Square holds meanwhile. */
export const anyEncounter: fc.Arbitrary<{ base: CustomerFields; patch: Patch; remote: CustomerFields }> =
  anyFields.chain((base) =>
    fc.record({ base: fc.constant(base), patch: anyPatch(base), remote: anyEdited(base) }),
  )

/** A customer as Square answers one. Versions reach beyond what a JavaScript number holds. */
export const anyRemote: fc.Arbitrary<RemoteCustomer> = fc.record({
  id: fc.stringMatching(/^[A-Z0-9]{26}$/),
  version: fc.oneof(
    fc.nat(20).map(String),
    fc.constant('9007199254740993'),
    fc.constant('9223372036854775807'),
  ),
  fields: anyFields,
  groupIds: fc.array(fc.stringMatching(/^[A-Z0-9]{8}$/), { maxLength: 2 }),
  creationSource: fc.constantFrom('THIRD_PARTY', 'DIRECTORY', 'MERGE'),
  createdAt: fc.constant('2026-01-05T09:26:23.017Z'),
  updatedAt: fc.constant('2026-01-05T09:26:23Z'),
})
