import { localOf } from '#shared/outbox/fold-log.ts'
import type { LogMirror } from './log-mirror.ts'

/** The local id of the row that stands for this one now: after "Add again" and after rows became one. */
export function rowIdOf({ state, redirects }: LogMirror, localId: string): string {
  let id = localOf(state, localId)
  for (let steps = 0; steps < 100; steps++) {
    const next = redirects.get(id)
    if (next === undefined) break
    id = next
  }
  return id
}

/** Every local id that a row stands for, itself first. */
export function localIdsOf(mirror: LogMirror, rowId: string): readonly string[] {
  const others = [...mirror.redirects.keys(), ...mirror.state.moved.keys()]
  return [rowId, ...new Set(others.filter((id) => id !== rowId && rowIdOf(mirror, id) === rowId))]
}

/** Ids of the open operations by the local id of their row, oldest first. */
export function openIdsByRow(mirror: LogMirror): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>()
  for (const { op } of mirror.state.entries.values()) {
    const rowId = rowIdOf(mirror, op.localId)
    const known = ids.get(rowId)
    if (known) known.push(op.id)
    else ids.set(rowId, [op.id])
  }
  return ids
}
