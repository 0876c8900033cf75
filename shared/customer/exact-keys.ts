import { canonicalKey } from './canonical.ts'
import type { CustomerFields } from './customer.ts'
import { phoneKey, plainPhone } from './phone-key.ts'

/** What a new customer is looked for by, as Square's exact search takes it (S9). */
export interface ExactKeys {
  readonly phoneE164: string | null
  readonly emailAddress: string | null
  readonly referenceId: string | null
}

/** The keys of these fields; null: none. A number that cannot be read as E.164 cannot be looked for. */
export function exactKeysOf(fields: CustomerFields, country: string): ExactKeys | null {
  const phone = fields.phoneNumber === null ? '' : phoneKey(fields.phoneNumber, country)
  const keys = {
    phoneE164: /^\+\d{8,15}$/.test(phone) ? phone : null,
    emailAddress: fields.emailAddress,
    referenceId: fields.referenceId,
  }
  return keys.phoneE164 || keys.emailAddress || keys.referenceId ? keys : null
}

/** Each of these keys by itself. */
export function oneByOne(keys: ExactKeys): ExactKeys[] {
  const none: ExactKeys = { phoneE164: null, emailAddress: null, referenceId: null }
  return Object.entries(keys).flatMap(([name, value]) =>
    value ? [{ ...none, [name]: value as string }] : [],
  )
}

/** Who of those that are looked for shares a key with this content of a customer. */
export type SharedKeys = (fields: CustomerFields) => ReadonlySet<string>

/**
 * Compares contents with many that are looked for at once, by the rules of Square's exact search or wider ones: a
 * customer that the search finds is found here, too (S9). Numbers are read in the seller's country.
 */
export function sharedKeys(wanted: ReadonlyMap<string, ExactKeys>, country: string): SharedKeys {
  const byKey = new Map<string, string[]>()
  const ends = new Set<string>()
  for (const [id, { phoneE164, emailAddress, referenceId }] of wanted) {
    if (phoneE164) ends.add(phoneE164.slice(-END))
    for (const key of [phoneE164 && `tel ${phoneE164}`, mailKey(emailAddress), referenceKey(referenceId)])
      if (key) byKey.set(key, [...(byKey.get(key) ?? []), id])
  }
  return ({ phoneNumber, emailAddress, referenceId }) => {
    const phone =
      phoneNumber !== null && mayEndAs(phoneNumber, ends)
        ? `tel ${withoutExtension(phoneNumber, country)}`
        : null
    const keys = [phone, mailKey(emailAddress), referenceKey(referenceId)]
    return new Set(keys.flatMap((key) => (key && byKey.get(key)) || []))
  }
}

/** The last digits of a number are the same however it is written; reading it in full costs a hundred times more. */
const END = 4

function mayEndAs(phone: string, ends: ReadonlySet<string>): boolean {
  const digits = plainPhone(phone).replace(/\D/g, '')
  for (let at = 0; at + END <= digits.length; at++) if (ends.has(digits.slice(at, at + END))) return true
  return false
}

/** Two people behind one switchboard are a question, too. */
function withoutExtension(phone: string, country: string): string {
  return phoneKey(phone, country).split(';')[0]!
}

function mailKey(email: string | null): string | null {
  return email && `mail ${canonicalKey('emailAddress', email, { country: '' })}`
}

/** Square does not tell capitals from small letters here. */
function referenceKey(reference: string | null): string | null {
  return reference && `ref ${canonicalKey('referenceId', reference, { country: '' }).toLowerCase()}`
}
