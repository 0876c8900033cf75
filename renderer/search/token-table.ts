import { createPrefixWords } from './prefix-words.ts'

/**
 * Words with the slots that hold them: a query word finds the words that begin with it. Words stay when their last slot
 * goes; there are few of them and they cost nothing in a search.
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
  const idOf = new Map<string, number>()
  /** By id. Most words are of one customer: a list for each of them would be most of the memory and of the time. */
  const slotsById: (number | number[])[] = []
  const words = createPrefixWords()

  function slotsOf(token: string): readonly number[] {
    const id = idOf.get(token)
    const known = id === undefined ? [] : slotsById[id]!
    return typeof known === 'number' ? [known] : known
  }

  return {
    add(tokens, slot) {
      for (const token of tokens) {
        const id = idOf.get(token)
        if (id === undefined) {
          const next = slotsById.push(slot) - 1
          idOf.set(token, next)
          words.add(token, next)
          continue
        }
        const known = slotsById[id]!
        if (typeof known === 'number') slotsById[id] = [known, slot]
        else known.push(slot)
      }
    },
    remove(tokens, slot) {
      for (const token of tokens) {
        const id = idOf.get(token)
        if (id === undefined) continue
        const known = slotsById[id]!
        if (known === slot) slotsById[id] = []
        if (typeof known !== 'object') continue
        const at = known.indexOf(slot)
        if (at >= 0) known.splice(at, 1)
      }
    },
    raise(levels, prefix, found, exact) {
      words.each(prefix, (id) => {
        const known = slotsById[id]!
        if (typeof known === 'number') {
          if (levels[known]! < found) levels[known] = found
        } else for (const slot of known) if (levels[slot]! < found) levels[slot] = found
      })
      for (const slot of slotsOf(prefix)) if (levels[slot]! < exact) levels[slot] = exact
    },
    slotsOf,
  }
}
