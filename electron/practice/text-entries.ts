import type { Entry } from './entry.ts'

/** Entries by parts of a text that follows from each of them. */
export interface TextEntries {
  change(before: Entry | null, after: Entry | null): void
  /** Every entry whose text holds all tokens, in no particular order; null: they may be more than `most`. */
  holding(tokens: readonly string[], most: number): readonly Entry[] | null
}

/** All texts in one, the place where each begins, and whose it is. */
interface Packed {
  readonly text: string
  readonly starts: readonly number[]
  readonly owners: readonly Entry[]
}

/** What may part texts: no text and no token holds it. */
const BETWEEN = '\n'
/** So many changes are looked through beside the packed text before it is packed anew. */
const BESIDE = 1000

/**
 * An index over what `entries` gives, packed when it is asked for the first time. One search through one long text costs
 * a small part of two hundred thousand through short ones.
 */
export function createTextEntries(
  entries: () => Iterable<Entry>,
  textOf: (entry: Entry) => string,
): TextEntries {
  let packed: Packed | null = null
  const fresh = new Set<Entry>()
  const gone = new Set<Entry>()

  function pack(): Packed {
    const all = [...entries()].filter((entry) => textOf(entry) !== '')
    const starts: number[] = []
    let end = 0
    for (const entry of all) {
      starts.push(end)
      end += textOf(entry).length + BETWEEN.length
    }
    fresh.clear()
    gone.clear()
    return { text: all.map(textOf).join(BETWEEN), starts, owners: all }
  }

  /** Whose text holds the token; null: more than `most`. */
  function ownersOf({ text, starts, owners }: Packed, token: string, most: number): Entry[] | null {
    const found: Entry[] = []
    let at = text.indexOf(token)
    while (at >= 0) {
      const owner = lastAtMost(starts, at)
      const entry = owners[owner]!
      if (!gone.has(entry)) found.push(entry)
      if (found.length > most) return null
      at = text.indexOf(token, starts[owner + 1] ?? text.length)
    }
    return found
  }

  return {
    change(before, after) {
      if (!packed) return
      if (before && !fresh.delete(before)) gone.add(before)
      if (after) fresh.add(after)
      if (fresh.size + gone.size > BESIDE) packed = null
    },
    holding(tokens, most) {
      packed ??= pack()
      // The longest is the rarest, most of the time.
      for (const token of [...tokens].sort((a, b) => b.length - a.length)) {
        const found = ownersOf(packed, token, most)
        if (!found) continue
        return [...found, ...fresh].filter((entry) => tokens.every((one) => textOf(entry).includes(one)))
      }
      return null
    },
  }
}

/** The index of the last number that is not above `limit`; the first one is not. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (ascending[middle]! <= limit) low = middle
    else high = middle - 1
  }
  return low
}
