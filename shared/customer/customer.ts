/**
 * The customer as Counterfoil knows one. `CUSTOMER_FIELDS` is the one list that form, schema, wire, merge, search and
 * screens derive from. Names are those of Square's SDK; the wire's snake_case lives in `wire.ts`.
 */

/** Fields holding one line or text. `birthday` is `YYYY-MM-DD`, with year `0000` where it is not known. */
export const TEXT_FIELDS = [
  'givenName',
  'familyName',
  'companyName',
  'nickname',
  'emailAddress',
  'phoneNumber',
  'birthday',
  'referenceId',
  'note',
  'euVat',
] as const
export type TextField = (typeof TEXT_FIELDS)[number]

/** All fields an app may write at Square, in the order people read them. */
export const CUSTOMER_FIELDS = [
  'givenName',
  'familyName',
  'companyName',
  'nickname',
  'phoneNumber',
  'emailAddress',
  'address',
  'birthday',
  'note',
  'referenceId',
  'euVat',
] as const
export type CustomerField = (typeof CUSTOMER_FIELDS)[number]

/** At least one of these must be set (Square's rule for create; ours for every save). */
export const IDENTITY_FIELDS = [
  'givenName',
  'familyName',
  'companyName',
  'emailAddress',
  'phoneNumber',
] as const satisfies readonly CustomerField[]

export const ADDRESS_PARTS = [
  'addressLine1',
  'addressLine2',
  'addressLine3',
  'sublocality',
  'sublocality2',
  'sublocality3',
  'locality',
  'administrativeDistrictLevel1',
  'administrativeDistrictLevel2',
  'administrativeDistrictLevel3',
  'postalCode',
  'country',
] as const
export type AddressPart = (typeof ADDRESS_PARTS)[number]

/** One value, decided as a whole. Only parts that hold something are present; no part at all is `null`, not `{}`. */
export type Address = Partial<Record<AddressPart, string>>

export type FieldValue<F extends CustomerField> = F extends 'address' ? Address | null : string | null
/** Every field, always present; `null` means unset. */
export type CustomerFields = { [F in CustomerField]: FieldValue<F> }

/** A customer exactly as Square answered, reduced to what we use. `version` is a decimal string of any size (S11). */
export interface RemoteCustomer {
  readonly id: string
  readonly version: string
  readonly fields: CustomerFields
  readonly groupIds: readonly string[]
  readonly creationSource: string
  /** RFC 3339 as Square wrote them; compared only with Square's own times. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** The card a person saw when confirming a delete (S3): what must still be true when it is sent. */
export interface SeenCard {
  readonly fields: CustomerFields
  /** Absent where the customer had not reached Square yet. */
  readonly groupIds?: readonly string[]
  readonly creationSource?: string
}

export type Change<F extends CustomerField = CustomerField> = {
  /** What the form showed when it was opened, own waiting edits included (S3). */
  readonly base: FieldValue<F>
  /** What staff chose; `null` clears the field. */
  readonly local: FieldValue<F>
}
/** Touched fields only: a field that is not in the patch is not ours to send. */
export type Patch = { readonly [F in CustomerField]?: Change<F> }

/** No field set. */
export const EMPTY_FIELDS: CustomerFields = Object.freeze({
  givenName: null,
  familyName: null,
  companyName: null,
  nickname: null,
  phoneNumber: null,
  emailAddress: null,
  address: null,
  birthday: null,
  note: null,
  referenceId: null,
  euVat: null,
})
