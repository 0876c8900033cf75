import type { CustomerFields } from '#shared/customer/customer.ts'
import type { ListRow, SearchAnswer } from '../book.ts'
import { findAlike } from './alike.ts'
import { subtitleOf, titleOf } from './display.ts'
import { createNameOrder, type InNameOrder } from './name-order.ts'
import type { SearchEntry } from './search-entry.ts'
import { createTokenTable } from './token-table.ts'
import { readingsOf, tokensOf, type Reading, type Term } from './tokens.ts'

/**
 * All customers of the list in memory, with what the list shows of them: a keystroke reads nothing else. Pure; it lives
 * in the search worker.
 */
export interface SearchIndex {
  /** Inserts or replaces by local id. */
  upsert(entries: readonly SearchEntry[]): void
  /** Puts into an empty index who is about in name order already, as `inOrder` gave them: they need not be sorted. */
  fill(entries: readonly SearchEntry[]): void
  remove(localIds: readonly string[]): void
  /**
   * Takes apart the words of so many customers, or sorts in so many, and says whether there is more to do. Whoever is
   * searched for before all words are done waits until they are: the list does not need them.
   */
  prepare(atMost: number): boolean
  /** Local ids of everybody in name order. */
  inOrder(): readonly string[]
  /** Empty text: everybody in name order. Else those in whom every word is found: exact ones first, then name order. */
  query(text: string, offset: number, limit: number): SearchAnswer
  /** Who could be the same person, best first, at most five. */
  alike(fields: Partial<CustomerFields>, exceptLocalId: string | null): readonly ListRow[]
}

/** Exact ones come before all others. */
interface Found {
  readonly exact: InNameOrder
  readonly others: InNameOrder
}

/** What a slot of the index holds. */
interface Indexed {
  readonly entry: SearchEntry
  readonly row: ListRow
}

const FOUND = 1
const EXACT = 2
const NOBODY: InNameOrder = { total: 0, window: () => [] }

/** An index without customers; names are ordered as people of that locale expect. */
export function createSearchIndex(locale: string): SearchIndex {
  const slots: (Indexed | null)[] = []
  const slotOf = new Map<string, number>()
  const freed: number[] = []
  /** Slots whose words are not in the table yet. */
  const unread = new Set<number>()
  const table = createTokenTable()
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const order = createNameOrder((a, b) => {
    const left = slots[a]!.row
    const right = slots[b]!.row
    return compare(left.title, right.title) || (left.localId < right.localId ? -1 : 1)
  })
  // A list that is scrolled asks for the same text again and again.
  let last: { text: string; found: Found } | null = null

  function drop(localId: string): void {
    const slot = slotOf.get(localId)
    const held = slot === undefined ? null : slots[slot]
    if (slot === undefined || !held) return
    order.remove(slot)
    if (!unread.delete(slot)) table.remove(tokensOf(held.entry.fields), slot)
    slotOf.delete(localId)
    slots[slot] = null
    freed.push(slot)
  }

  function put(entry: SearchEntry): number | null {
    const known = slotOf.get(entry.localId)
    const held = known === undefined ? null : slots[known]
    if (known !== undefined && held && sameFields(held.entry, entry)) {
      slots[known] = {
        ...held,
        entry,
        row: { ...held.row, status: entry.status, openOpIds: entry.openOpIds },
      }
      return null
    }
    drop(entry.localId)
    const slot = freed.pop() ?? slots.length
    slots[slot] = { entry, row: listRowOf(entry) }
    slotOf.set(entry.localId, slot)
    unread.add(slot)
    return slot
  }

  /** Whether there are more words to be taken apart. */
  function readWords(atMost: number): boolean {
    let left = atMost
    for (const slot of unread) {
      if (left-- <= 0) return true
      unread.delete(slot)
      table.add(tokensOf(slots[slot]!.entry.fields), slot)
    }
    return false
  }

  function levelsOfTerm(term: Term): Uint8Array {
    const levels = new Uint8Array(slots.length)
    for (const alternative of term) {
      if (alternative.length === 1) {
        table.raise(levels, alternative[0]!, FOUND, EXACT)
      } else {
        const parts = levelsOfReading(alternative.map((token) => [[token]]))
        for (let slot = 0; slot < parts.length; slot++)
          if (parts[slot]! > 0 && levels[slot] === 0) levels[slot] = FOUND
      }
    }
    return levels
  }

  /** A reading is found as well as the worst of its terms is. */
  function levelsOfReading([first, ...others]: Reading): Uint8Array {
    const levels = levelsOfTerm(first!)
    for (const term of others) keepWorse(levels, levelsOfTerm(term))
    return levels
  }

  function find(text: string): Found {
    if (last?.text === text) return last.found
    const found =
      text.trim() === '' ? { exact: NOBODY, others: order.filter(() => true) } : match(readingsOf(text))
    last = { text, found }
    return found
  }

  function match(readings: readonly Reading[]): Found {
    readWords(Infinity)
    const [levels, ...alternatives] = readings.map(levelsOfReading)
    if (!levels) return { exact: NOBODY, others: NOBODY }
    for (const others of alternatives) keepBetter(levels, others)
    return {
      exact: order.filter((slot) => levels[slot] === EXACT),
      others: order.filter((slot) => levels[slot] === FOUND),
    }
  }

  function windowOf({ exact, others }: Found, offset: number, limit: number): readonly number[] {
    const first = exact.window(offset, limit)
    const rest = limit - first.length
    return rest === 0 ? first : [...first, ...others.window(Math.max(0, offset - exact.total), rest)]
  }

  const rowAt = (slot: number): ListRow => slots[slot]!.row

  return {
    upsert(entries) {
      last = null
      for (const entry of entries) {
        const slot = put(entry)
        if (slot !== null) order.add(slot)
      }
    },
    fill(entries) {
      last = null
      order.addInOrder(entries.map(put).filter((slot) => slot !== null))
    },
    prepare(atMost) {
      // Read anew, it has more in order already.
      last = null
      return readWords(atMost) || order.settle(atMost)
    },
    inOrder: () => order.inOrder().map((slot) => slots[slot]!.entry.localId),
    remove(localIds) {
      last = null
      for (const localId of localIds) drop(localId)
    },
    query(text, offset, limit) {
      // Who only counts everybody, as after each page of a pull, does not wait for their order.
      if (limit === 0 && text.trim() === '') return { total: slotOf.size, rows: [] }
      const found = find(text)
      return {
        total: found.exact.total + found.others.total,
        rows: windowOf(found, offset, limit).map(rowAt),
      }
    },
    alike(fields, exceptLocalId) {
      readWords(Infinity)
      return findAlike(fields, {
        slotsOf: (token) => table.slotsOf(token),
        entryAt: (slot) => slots[slot]!.entry,
        isExcepted: (localId) => localId === exceptLocalId,
      }).map(rowAt)
    },
  }
}

// Plain loops: they run over every customer with each key.
function keepWorse(levels: Uint8Array, others: Uint8Array): void {
  for (let slot = 0; slot < levels.length; slot++)
    if (others[slot]! < levels[slot]!) levels[slot] = others[slot]!
}
function keepBetter(levels: Uint8Array, others: Uint8Array): void {
  for (let slot = 0; slot < levels.length; slot++)
    if (others[slot]! > levels[slot]!) levels[slot] = others[slot]!
}

function listRowOf({ localId, status, fields, openOpIds }: SearchEntry): ListRow {
  return {
    localId,
    title: titleOf(fields),
    subtitle: subtitleOf(fields),
    phone: fields.phoneNumber,
    email: fields.emailAddress,
    status,
    openOpIds,
  }
}

function sameFields(a: SearchEntry, b: SearchEntry): boolean {
  return (Object.keys(a.fields) as (keyof SearchEntry['fields'])[]).every(
    (field) => a.fields[field] === b.fields[field],
  )
}
