import type { LogSnapshot, LogState } from '#shared/outbox/log-state.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import type { Clock, NewId } from '#shared/ports.ts'
import { targetOf } from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import type { LogHeader } from './log-storage.ts'
import type { NewBeginning } from './log-writer.ts'
import { consentsAfter } from './whole-log.ts'

/** One that was begun so long ago is compacted, however short: nobody who was deleted stays in it for years (S21, S23). */
export const COMPACT_AFTER_MS = 30 * 24 * 60 * 60 * 1000

/** A log as it is durable, and what another beginning of it needs. */
export interface OfLog {
  readonly header: LogHeader
  /** Of its last durable record. */
  readonly lastSeq: number
  readonly durable: () => readonly LogRecord[]
  readonly machineId: string
  readonly newId: NewId
  readonly clock: Pick<Clock, 'wallIso'> | undefined
}

/** The header of a file that begins now; nothing is said where there is no clock. */
export function begunNow(header: LogHeader, clock: OfLog['clock']): LogHeader {
  return clock ? { ...header, begun: clock.wallIso() } : header
}

/** The same generation in a new file that begins with this in the stead of all that was durable (S21). */
export function sameGeneration(log: OfLog, state: LogSnapshot): NewBeginning {
  const compactedThrough = log.lastSeq
  return {
    header: begunNow({ ...log.header, compactedThrough }, log.clock),
    records: [{ kind: 'snapshot', seq: compactedThrough, state }],
  }
}

/**
 * A new generation that begins with this state, everything open in it copied and asking (S20). `seen`: how far a mirror of
 * the generation before has got.
 */
export function nextGeneration(log: OfLog, state: LogSnapshot, seen: number): NewBeginning {
  const { header, lastSeq, durable, machineId, newId, clock } = log
  const compactedThrough = Math.max(seen, lastSeq)
  const open = [...fromSnapshot(state).entries.keys()]
  const bodies: RecordBody[] = [
    { kind: 'snapshot', state },
    ...consentsAfter(seen, durable()),
    { kind: 'copied' },
    ...open.map((opId): RecordBody => ({ kind: 'asks', opId, question: { kind: 'copied', id: newId() } })),
  ]
  const begins = { ...header, machineId, generation: header.generation + 1, compactedThrough }
  return {
    header: begunNow(begins, clock),
    records: bodies.map((body, i): LogRecord => ({ ...body, seq: compactedThrough + 1 + i })),
  }
}

/**
 * Begun 30 days ago or more, with anything in it beyond its snapshot. A beginning that is not told, or that lies ahead
 * (the clock was wrong then, or is now), counts as old: that makes another file, and loses nothing.
 */
export function isOld({ header, durable, clock }: OfLog): boolean {
  if (!clock) return false
  const age = Date.parse(clock.wallIso()) - Date.parse(header.begun ?? '')
  if (age >= 0 && age < COMPACT_AFTER_MS) return false
  return durable().some(({ kind }) => kind !== 'snapshot')
}

/** Contents of customers without open operations are not needed again: Square has them. */
export function forSnapshot(state: LogState): LogSnapshot {
  const snapshot = toSnapshot(state)
  const targets = new Set([...state.entries.values()].map(({ op }) => targetOf(state, op.localId)))
  return { ...snapshot, remotes: snapshot.remotes.filter((remote) => targets.has(remote.id)) }
}
