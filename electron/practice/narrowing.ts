import { fuzzyText, type Entry, type FuzzyField } from './entry.ts'
import { createKeyedEntries, type KeyedEntries } from './keyed-entries.ts'
import type { SortedEntries } from './sorted-entries.ts'
import { createTextEntries, type TextEntries } from './text-entries.ts'

/** What is known of everybody a filter finds. */
export type Narrowing =
  /** They have one of these texts. */
  | { readonly kind: 'keys'; readonly field: KeyField; readonly texts: readonly string[] }
  /** They come from such a source. */
  | { readonly kind: 'sources'; readonly wanted: (source: string) => boolean }
  /** Start inclusive, end exclusive, ms since the epoch. */
  | {
      readonly kind: 'range'
      readonly by: 'createdAt' | 'updatedAt'
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'fuzzy'; readonly field: FuzzyField; readonly tokens: readonly string[] }
  /** They are among these. */
  | { readonly kind: 'ids'; readonly ids: { readonly size: number; keys(): Iterable<string> } }

/** Nobody at all is found. */
export const NOBODY: Narrowing = { kind: 'ids', ids: new Set() }

export type KeyField =
  'email_address' | 'reference_id' | 'phone_number' | 'creation_source' | 'group_ids' | 'segment_ids'

/** The indexes that know the few who come into question, each built when it is first asked. */
export interface Indexes {
  change(before: Entry | null, after: Entry | null): void
  /** Everybody who fits, in no order, and perhaps some who do not; null: they may be more than `most`. */
  candidates(narrowing: Narrowing, most: number): readonly Entry[] | null
}

/** Indexes over these entries; `byTime` are the same in order. */
export function createIndexes(
  entries: { values(): Iterable<Entry>; get(id: string): Entry | undefined },
  byTime: Readonly<Record<'createdAt' | 'updatedAt', SortedEntries>>,
): Indexes {
  const all = () => entries.values()
  const keyed = (field: KeyField) => createKeyedEntries(all, ({ customer }) => KEYS[field](customer[field]))
  const fuzzy = (field: FuzzyField) => createTextEntries(all, (entry) => fuzzyText(entry, field))
  const keys: Readonly<Record<KeyField, KeyedEntries>> = {
    email_address: keyed('email_address'),
    reference_id: keyed('reference_id'),
    phone_number: keyed('phone_number'),
    creation_source: keyed('creation_source'),
    group_ids: keyed('group_ids'),
    segment_ids: keyed('segment_ids'),
  }
  const texts: Readonly<Record<FuzzyField, TextEntries>> = {
    email_address: fuzzy('email_address'),
    reference_id: fuzzy('reference_id'),
    phone_number: fuzzy('phone_number'),
  }
  return {
    change(before, after) {
      for (const part of [...Object.values(keys), ...Object.values(texts)]) part.change(before, after)
    },
    candidates(narrowing, most) {
      switch (narrowing.kind) {
        case 'keys': {
          const { field } = narrowing
          return keys[field].of(new Set(narrowing.texts.flatMap((text) => KEYS[field](text))), most)
        }
        case 'sources':
          return keys.creation_source.of([...keys.creation_source.texts()].filter(narrowing.wanted), most)
        case 'fuzzy':
          return texts[narrowing.field].holding(narrowing.tokens, most)
        case 'range':
          return between(byTime[narrowing.by], narrowing, most)
        case 'ids':
          if (narrowing.ids.size > most) return null
          return [...narrowing.ids.keys()].flatMap((id) => entries.get(id) ?? [])
      }
    },
  }
}

function between(
  order: SortedEntries,
  { start, end }: { readonly start: number; readonly end: number },
  most: number,
): readonly Entry[] | null {
  const from = order.lastBefore({ key: start, id: '' }) + 1
  const to = order.lastBefore({ key: end, id: '' }) + 1
  return to - from > most ? null : order.all().slice(from, to)
}

type KeysOf = (value: string | readonly string[] | undefined) => readonly string[]

/**
 * Equal for all that match exactly: the text without case; of a phone its last six digits, because however it is
 * written, these stay (a storable number has at least nine, and prefixes change only its beginning).
 */
const KEYS: Readonly<Record<KeyField, KeysOf>> = {
  email_address: (value) => asList(value).map((text) => text.toLowerCase()),
  reference_id: (value) => asList(value).map((text) => text.toLowerCase()),
  phone_number: (value) => asList(value).map((text) => text.replace(/\D/g, '').slice(-6)),
  creation_source: asList,
  group_ids: asList,
  segment_ids: asList,
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}
