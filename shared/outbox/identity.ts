import type { LogState } from './log-state.ts'

/** The Square id this id has become by merges (itself where there was none). */
export function resolveSquareId(state: LogState, squareId: string): string {
  let id = squareId
  for (let steps = 0; steps < 100; steps++) {
    const next = state.aliases.get(id)
    if (next === undefined) return id
    id = next
  }
  return id
}

/** The local id that stands for this one after "Add again". */
export function localOf(state: LogState, localId: string): string {
  let id = localId
  for (let steps = 0; steps < 100; steps++) {
    const next = state.moved.get(id)
    if (next === undefined) return id
    id = next
  }
  return id
}

/** The Square id a local id stands for now, or null while Square has none (S5). Computed at each use, never stored. */
export function targetOf(state: LogState, localId: string): string | null {
  const bound = state.bindings.get(localOf(state, localId))
  return bound ? resolveSquareId(state, bound) : null
}

/** The customer an operation belongs to: all operations of one lane are sent in strict order (S5). */
export type Lane = `square:${string}` | `local:${string}`
export function laneOf(state: LogState, localId: string): Lane {
  const target = targetOf(state, localId)
  return target ? `square:${target}` : `local:${localOf(state, localId)}`
}

/** The lane of a row of the directory, which may know its Square id from a pull alone. */
export function laneOfRow(state: LogState, row: { localId: string; squareId: string | null }): Lane {
  return row.squareId ? `square:${resolveSquareId(state, row.squareId)}` : laneOf(state, row.localId)
}
