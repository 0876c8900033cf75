import type { RowStatus } from '#shared/directory/row.ts'
import { SEARCHED_FIELDS, type SearchEntry, type SearchedFields } from './search-entry.ts'

/**
 * To be raised whenever `searchEntryOf` makes another entry of a row, or this file keeps it in another way: what was kept
 * before is then read no more. `packed.test.ts` fails where that was forgotten.
 */
export const PACKED_FORMAT = 1

/** Entries as they are kept: a few large values instead of many small ones, for the browser hands those out at once. */
export interface PackedEntries {
  readonly count: number
  readonly localIds: PackedTexts
  /** Places in `STATUSES`. */
  readonly statuses: Uint8Array
  /** In the order of `SEARCHED_FIELDS`. */
  readonly fields: readonly PackedTexts[]
  /** Of all the above: nobody else looks at the bytes of large values when they are read back. */
  readonly sum: number
}
/** Texts one behind the other, with the length of each; `NONE`: there is none. */
interface PackedTexts {
  readonly text: string
  readonly lengths: Uint32Array
}

const NONE = 0xffff_ffff
const NONE_OPEN: readonly string[] = []
const STATUSES: readonly RowStatus[] = ['in-square', 'saved-here', 'needs-you', 'loading']

/** These entries, without their open operations, in their order. */
export function packEntries(entries: readonly SearchEntry[]): PackedEntries {
  const packed = {
    count: entries.length,
    localIds: packTexts(entries.map(({ localId }) => localId)),
    statuses: Uint8Array.from(entries, ({ status }) => STATUSES.indexOf(status)),
    fields: SEARCHED_FIELDS.map((field) => packTexts(entries.map(({ fields }) => fields[field]))),
  }
  return { ...packed, sum: sumOf(packed) }
}

/** What was packed; null where it is not whole. */
export function unpackEntries(value: unknown): SearchEntry[] | null {
  if (!isPacked(value) || value.sum !== sumOf(value)) return null
  const { count, statuses } = value
  const localIds = unpackTexts(value.localIds)
  const [given, family, company, nickname, email, phone, reference] = value.fields.map(unpackTexts)
  const entries: SearchEntry[] = []
  for (let at = 0; at < count; at++) {
    const localId = localIds[at]
    const status = STATUSES[statuses[at]!]
    if (localId == null || !status) return null
    // All in one place and in the order of `SEARCHED_FIELDS`: objects that are made alike are small and quick.
    const fields: SearchedFields = {
      givenName: given![at]!,
      familyName: family![at]!,
      companyName: company![at]!,
      nickname: nickname![at]!,
      emailAddress: email![at]!,
      phoneNumber: phone![at]!,
      referenceId: reference![at]!,
    }
    entries.push({ localId, status, fields, openOpIds: NONE_OPEN })
  }
  return entries
}

function packTexts(texts: readonly (string | null)[]): PackedTexts {
  return {
    text: texts.map((text) => text ?? '').join(''),
    lengths: Uint32Array.from(texts, (text) => text?.length ?? NONE),
  }
}

function unpackTexts({ text, lengths }: PackedTexts): (string | null)[] {
  const texts: (string | null)[] = []
  let from = 0
  for (const length of lengths) {
    if (length === NONE) texts.push(null)
    else texts.push(text.slice(from, (from += length)))
  }
  return texts
}

function isPacked(value: unknown): value is PackedEntries {
  if (typeof value !== 'object' || value === null) return false
  const { count, localIds, statuses, fields, sum } = value as Partial<Record<keyof PackedEntries, unknown>>
  return (
    typeof count === 'number' &&
    typeof sum === 'number' &&
    statuses instanceof Uint8Array &&
    statuses.length === count &&
    isTexts(localIds, count) &&
    Array.isArray(fields) &&
    fields.length === SEARCHED_FIELDS.length &&
    fields.every((texts) => isTexts(texts, count))
  )
}

function isTexts(value: unknown, count: number): value is PackedTexts {
  if (typeof value !== 'object' || value === null) return false
  const { text, lengths } = value as Partial<Record<keyof PackedTexts, unknown>>
  if (typeof text !== 'string' || !(lengths instanceof Uint32Array) || lengths.length !== count) return false
  let whole = 0
  for (const length of lengths) if (length !== NONE) whole += length
  return whole === text.length
}

function sumOf({ localIds, statuses, fields }: Omit<PackedEntries, 'sum'>): number {
  let sum = 0x811c_9dc5
  for (const status of statuses) sum = mixed(sum, status)
  for (const { text, lengths } of [localIds, ...fields]) {
    for (const length of lengths) sum = mixed(sum, length)
    for (let at = 0; at < text.length; at++) sum = mixed(sum, text.charCodeAt(at))
  }
  return sum >>> 0
}

/** FNV-1a, a unit at a time. */
function mixed(sum: number, unit: number): number {
  return Math.imul(sum ^ unit, 0x0100_0193)
}
