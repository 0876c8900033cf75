import { positionOf, sortIn } from './sort-in.ts'

/**
 * Words in order with the slots that hold them: a query word finds a run of words that begin with it. Words stay when
 * their last slot goes; there are few of them and they cost nothing in a search.
 */
export interface TokenTable {
  add(tokens: Iterable<string>, slot: number): void
  remove(tokens: Iterable<string>, slot: number): void
  /** Raises the level of every slot with a token that begins so: to `exact` where that is the whole token, else `found`. */
  raise(levels: Uint8Array, prefix: string, found: number, exact: number): void
  /** Slots that hold exactly this token. */
  slotsOf(token: string): readonly number[]
}

/** A table without words. */
export function createTokenTable(): TokenTable {
  /** Most words are of one customer: a list for each of them would be most of the memory and of the time. */
  const slots = new Map<string, number | number[]>()
  const sorted: string[] = []
  let unsorted: string[] = []

  function settle(): void {
    if (unsorted.length === 0) return
    sortIn(sorted, unsorted, byCodeUnits)
    unsorted = []
  }

  return {
    add(tokens, slot) {
      for (const token of tokens) {
        const known = slots.get(token)
        if (known === undefined) {
          slots.set(token, slot)
          unsorted.push(token)
        } else if (typeof known === 'number') slots.set(token, [known, slot])
        else known.push(slot)
      }
    },
    remove(tokens, slot) {
      for (const token of tokens) {
        const known = slots.get(token)
        if (known === slot) slots.set(token, [])
        if (typeof known !== 'object') continue
        const at = known.indexOf(slot)
        if (at >= 0) known.splice(at, 1)
      }
    },
    raise(levels, prefix, found, exact) {
      settle()
      for (let i = positionOf(sorted, prefix, byCodeUnits); i < sorted.length; i++) {
        const token = sorted[i]
        if (token === undefined || !token.startsWith(prefix)) return
        const level = token === prefix ? exact : found
        const known = slots.get(token)!
        if (typeof known === 'number') {
          if (levels[known]! < level) levels[known] = level
        } else for (const slot of known) if (levels[slot]! < level) levels[slot] = level
      }
    },
    slotsOf(token) {
      const known = slots.get(token) ?? []
      return typeof known === 'number' ? [known] : known
    },
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
