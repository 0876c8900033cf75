import type { Entry, LogSnapshot, LogState } from '#shared/outbox/log-state.ts'
import type { FactRecord, LogRecord } from '#shared/outbox/record.ts'
import { applyRecord } from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import type { LogHeader } from './log-storage.ts'

/**
 * The highest seq that a damaged file lacks although a later one is there; 0 where it lacks none. Seqs are given without
 * gaps: a file begins with what its header says it is compacted through, or with the one after that (S20).
 */
export function lastMissing({ compactedThrough }: LogHeader, records: readonly LogRecord[]): number {
  let missing = 0
  let before = compactedThrough
  for (const { seq } of records) {
    if (seq > before + 1) missing = seq - 1
    before = seq
  }
  return missing
}

/** A snapshot holds no consents, and a directory that has not got beyond `seen` lacks these (S1). */
export function consentsAfter(seen: number, records: readonly LogRecord[]): FactRecord[] {
  return records.flatMap((record) => {
    if (record.kind !== 'fact' || record.fact.kind !== 'consent' || record.seq <= seen) return []
    const { kind, id, localId, fact } = record
    return [{ kind, id, localId, fact }]
  })
}

/**
 * What the mirror believes, with what the log has had since then. What the mirror knows as open is open, what either knows
 * as closed stays closed. Of a mirror that could not be read in part (S15), what it says nothing of is as the log has it.
 */
export function givenBack(
  mirror: { readonly lastSeq: number; readonly state: LogSnapshot; readonly isPartial: boolean },
  log: { readonly state: LogState; readonly records: readonly LogRecord[] },
): LogSnapshot {
  const whole = fromSnapshot(mirror.state)
  for (const record of log.records) if (record.seq > mirror.lastSeq) applyRecord(whole, record)
  if (mirror.isPartial) fillFrom(whole, log.state)
  const closed = new Map([...log.state.closed, ...whole.closed])
  for (const id of whole.entries.keys()) closed.delete(id)
  return { ...toSnapshot(whole), closed: [...closed] }
}

/** Adds what the log alone knows, its operations after those that they came after. */
function fillFrom(whole: LogState, log: LogState): void {
  const after = new Map<string | null, Entry[]>()
  let last: string | null = null
  for (const [id, entry] of log.entries) {
    if (whole.entries.has(id)) last = id
    else if (!whole.closed.has(id)) after.set(last, [...(after.get(last) ?? []), entry])
  }
  const known = [...whole.entries.values()]
  whole.entries.clear()
  const add = (entries: readonly Entry[] = []) => {
    for (const entry of entries) whole.entries.set(entry.op.id, entry)
  }
  add(after.get(null))
  for (const entry of known) add([entry, ...(after.get(entry.op.id) ?? [])])
  for (const map of ['aliases', 'bindings', 'moved', 'made', 'remotes'] as const)
    addMissing<unknown>(whole[map], log[map])
}

function addMissing<V>(to: Map<string, V>, from: ReadonlyMap<string, V>): void {
  for (const [id, value] of from) if (!to.has(id)) to.set(id, value)
}
