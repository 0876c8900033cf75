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
  const slots = new Map<string, number[]>()
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
        if (known) known.push(slot)
        else {
          slots.set(token, [slot])
          unsorted.push(token)
        }
      }
    },
    remove(tokens, slot) {
      for (const token of tokens) {
        const known = slots.get(token)
        const at = known?.indexOf(slot) ?? -1
        if (at >= 0) known?.splice(at, 1)
      }
    },
    raise(levels, prefix, found, exact) {
      settle()
      for (let i = positionOf(sorted, prefix, byCodeUnits); i < sorted.length; i++) {
        const token = sorted[i]
        if (token === undefined || !token.startsWith(prefix)) return
        const level = token === prefix ? exact : found
        for (const slot of slots.get(token) ?? []) if (levels[slot]! < level) levels[slot] = level
      }
    },
    slotsOf: (token) => slots.get(token) ?? [],
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
