import type { AppendResult, Batch, MirrorPosition } from '#shared/ipc/contract.ts'
import type { Log, NewId } from '#shared/ports.ts'
import type { LogSnapshot, LogState } from '#shared/outbox/log-state.ts'
import type { Operation, StoreId } from '#shared/outbox/operation.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { applyRecord, emptyLogState, foldLog, targetOf } from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import { checkDrafts } from './check-drafts.ts'
import type { LogHeader, LogStorage, WriteOutcome } from './log-storage.ts'
import type { Outbox } from './outbox-port.ts'

/** Below this much free space no new promise is made; what is already promised is still recorded (S1). */
export const FREE_BYTES_FLOOR = 200 * 1024 * 1024
/** A log longer than this is compacted once the mirror has all of it (S21). */
export const COMPACT_AFTER_RECORDS = 2_000

export interface OutboxOptions {
  readonly storage: LogStorage
  readonly store: StoreId
  readonly machineId: string
  readonly newId: NewId
  readonly freeBytes: () => Promise<number | null>
  /** The form's rules; absent: everything of the right shape. */
  readonly accepts?: (op: Operation) => boolean
  readonly log: Log
  readonly compactAfter?: number
}
export type OpenedOutbox =
  | { readonly kind: 'opened'; readonly outbox: Outbox; readonly setAside: number }
  | {
      readonly kind: 'refused'
      readonly reason: 'newer-format' | 'unreadable' | 'locked' | 'wrong-store' | WriteFailure
    }
type WriteFailure = Extract<WriteOutcome, { kind: 'failed' }>['reason']

/**
 * Opens the log of one store and keeps its state. Promises of every write resolve only after the record survives a
 * power cut; a record takes effect on `state()` at once, so that checks and appends of one tick see each other (S4),
 * and is taken back if it cannot be made durable.
 */
export async function openOutbox(options: OutboxOptions): Promise<OpenedOutbox> {
  const { storage, store, machineId, newId, log } = options
  const opened = await storage.open()
  if (opened.kind === 'refused') return opened
  let header: LogHeader
  let records: LogRecord[] = []
  if (opened.kind === 'new') {
    header = { format: 1, machineId, generation: 1, store, compactedThrough: 0 }
    const created = await storage.replace(header, [])
    if (created.kind === 'failed') return { kind: 'refused', reason: created.reason }
  } else {
    header = opened.header
    records = [...opened.records]
    if (header.store.merchantId !== store.merchantId || header.store.environment !== store.environment) {
      return { kind: 'refused', reason: 'wrong-store' }
    }
    if (opened.setAside > 0) log.warn('log.records-set-aside', { count: opened.setAside })
  }
  const state = emptyLogState()
  for (const record of records) applyRecord(state, record)
  const outbox = new LogOutbox(options, header, records, state)
  if (header.machineId !== machineId) {
    log.warn('log.from-another-machine', { open: state.entries.size })
    const adopted = await outbox.restart(toSnapshot(state), newId)
    if (!adopted) return { kind: 'refused', reason: 'io' }
  }
  return { kind: 'opened', outbox, setAside: opened.kind === 'opened' ? opened.setAside : 0 }
}

type Pending = { readonly records: readonly LogRecord[]; readonly settle: (outcome: WriteOutcome) => void }

class LogOutbox implements Outbox {
  readonly #options: OutboxOptions
  #header: LogHeader
  /** All records of the file and, behind `#durable`, those being written. */
  #records: LogRecord[]
  #durable: number
  #state: LogState
  #pending: Pending[] = []
  #writing: Promise<void> | null = null
  #flushAgain = false
  #restoring: Promise<void> | null = null
  #mirror: MirrorPosition | null = null
  #listeners = new Set<(seq: number) => void>()

  constructor(options: OutboxOptions, header: LogHeader, records: LogRecord[], state: LogState) {
    this.#options = options
    this.#header = header
    this.#records = records
    this.#durable = records.length
    this.#state = state
  }

  state(): LogState {
    return this.#state
  }

  mirrorReported(): boolean {
    return this.#mirror !== null
  }

  onChanged(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async append(drafts: Parameters<Outbox['append']>[0], mirror: MirrorPosition): Promise<AppendResult> {
    const free = await this.#options.freeBytes()
    if (free !== null && free < FREE_BYTES_FLOOR) return { kind: 'unwritable', reason: 'disk-low' }
    const checked = checkDrafts(this.#state, this.#options.store, drafts, this.#options.accepts)
    if (checked.kind === 'refused') return { ...checked, batch: this.#batchFor(mirror) }
    const outcome = await this.#write(checked.records)
    if (outcome.kind === 'failed') return { kind: 'unwritable', reason: outcome.reason }
    return { kind: 'appended', batch: this.#batchFor(mirror) }
  }

  async write(records: readonly RecordBody[]): Promise<boolean> {
    return (await this.#write(records)).kind === 'written'
  }

  async since(mirror: MirrorPosition): Promise<Batch> {
    const batch = this.#batchFor(mirror)
    if (!batch.lostTail) this.#report(mirror)
    return batch
  }

  async restore(mirror: MirrorPosition, lost: LogSnapshot): Promise<Batch> {
    // Two hints at once must not restore twice: the second would ask other questions than the first.
    this.#restoring ??= this.#restoreOnce(mirror, lost).finally(() => (this.#restoring = null))
    await this.#restoring
    return this.since(mirror)
  }

  async #restoreOnce({ generation, lastSeq }: MirrorPosition, lost: LogSnapshot): Promise<void> {
    if (generation !== this.#header.generation || lastSeq <= this.#lastDurableSeq()) return
    this.#options.log.warn('log.tail-restored-from-mirror', {
      logSeq: this.#lastDurableSeq(),
      mirrorSeq: lastSeq,
    })
    // Ids the log still knows as closed stay closed; everything the mirror believes open is open again, as copied.
    const closed = new Map([...this.#state.closed, ...lost.closed])
    for (const { op } of lost.entries) closed.delete(op.id)
    await this.restart({ ...lost, closed: [...closed] }, this.#options.newId, lastSeq)
  }

  /** A new generation that begins with this state, everything open in it copied and asking (S20). */
  async restart(snapshot: LogSnapshot, newId: NewId, seqFloor = 0): Promise<boolean> {
    while (this.#writing) await this.#writing
    const started = this.#restartNow(snapshot, newId, seqFloor)
    // Nothing is written beside it: what is asked for meanwhile waits, and falls with the state it was checked against.
    this.#writing = started.then(() => this.#released())
    return started
  }

  async #restartNow(snapshot: LogSnapshot, newId: NewId, seqFloor: number): Promise<boolean> {
    const seq = Math.max(seqFloor, this.#lastDurableSeq())
    const next = fromSnapshot(snapshot)
    const bodies: RecordBody[] = [
      { kind: 'copied' },
      ...[...next.entries.keys()].map((opId): RecordBody => ({
        kind: 'asks',
        opId,
        question: { kind: 'copied', id: newId() },
      })),
    ]
    const records: LogRecord[] = [
      { kind: 'snapshot', state: snapshot, seq: seq + 1 },
      ...bodies.map((body, i): LogRecord => ({ ...body, seq: seq + 2 + i })),
    ]
    const header = {
      ...this.#header,
      machineId: this.#options.machineId,
      generation: this.#header.generation + 1,
      compactedThrough: seq,
    }
    const outcome = await this.#options.storage.replace(header, records)
    if (outcome.kind === 'failed') return false
    const overtaken = this.#pending
    this.#pending = []
    this.#header = header
    this.#records = records
    this.#durable = records.length
    this.#state = foldLog(records)
    for (const { settle } of overtaken) settle({ kind: 'failed', reason: 'io' })
    this.#announce()
    return true
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing
    await this.#options.storage.close()
  }

  #report(mirror: MirrorPosition): void {
    const first = this.#mirror === null
    this.#mirror = mirror
    if (first) this.#announce() // the engine has waited for this (S20)
    this.#flush()
  }

  #lastDurableSeq(): number {
    return this.#records[this.#durable - 1]?.seq ?? this.#header.compactedThrough
  }

  /** Only durable records are served: else every crash would look like a lost tail (protocol row 12). */
  #batchFor(mirror: MirrorPosition): Batch {
    const through = this.#lastDurableSeq()
    const { generation, compactedThrough } = this.#header
    const same = mirror.generation === generation
    if (same && mirror.lastSeq > through)
      return { generation, reset: false, records: [], through, lostTail: true }
    const reset = !same || mirror.lastSeq < compactedThrough
    const durable = this.#records.slice(0, this.#durable)
    const records = reset ? durable : durable.slice(firstAfter(durable, mirror.lastSeq))
    return { generation, reset, records, through, lostTail: false }
  }

  #write(bodies: readonly RecordBody[]): Promise<WriteOutcome> {
    if (bodies.length === 0) return this.#settled()
    let seq = this.#records.at(-1)?.seq ?? this.#header.compactedThrough
    const records = bodies.map((body): LogRecord => ({ ...body, seq: ++seq }))
    for (const record of records) applyRecord(this.#state, record)
    this.#records.push(...records)
    const written = new Promise<WriteOutcome>((settle) => this.#pending.push({ records, settle }))
    this.#flush()
    return written
  }

  /** Nothing to write: durable once everything before it is (a draft saved again answers for the first one). */
  #settled(): Promise<WriteOutcome> {
    if (this.#pending.length === 0 && !this.#writing) return Promise.resolve({ kind: 'written' })
    const written = new Promise<WriteOutcome>((settle) => this.#pending.push({ records: [], settle }))
    this.#flush()
    return written
  }

  /** One write and sync at a time; what is asked for meanwhile goes into the next one. */
  #flush(): void {
    if (this.#writing) this.#flushAgain = true
    else this.#writing = this.#drain().finally(() => this.#released())
  }

  /** What was asked for after the last look of `#drain`, and before this, would wait for ever. */
  #released(): void {
    this.#writing = null
    if (!this.#flushAgain) return
    this.#flushAgain = false
    this.#flush()
  }

  async #drain(): Promise<void> {
    await Promise.resolve() // the rest of this tick joins the batch
    do {
      await this.#writePending()
      await this.#compactIfDue()
    } while (this.#pending.length > 0)
  }

  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      const records = batch.flatMap((pending) => pending.records)
      const outcome: WriteOutcome =
        records.length === 0 ? { kind: 'written' } : await this.#options.storage.append(records)
      if (outcome.kind === 'failed') this.#takeBack(batch, outcome)
      else {
        this.#durable += records.length
        for (const { settle } of batch) settle(outcome)
        if (records.length > 0) this.#announce()
      }
    }
  }

  /** What was checked against records that are not durable falls with them: everything still pending fails too. */
  #takeBack(batch: readonly Pending[], outcome: WriteOutcome): void {
    const failed = [...batch, ...this.#pending]
    this.#pending = []
    this.#records.length = this.#durable
    this.#state = foldLog(this.#records)
    this.#options.log.error('log.write-failed', { reason: outcome.kind === 'failed' ? outcome.reason : '' })
    for (const { settle } of failed) settle(outcome)
  }

  async #compactIfDue(): Promise<void> {
    // What is not durable yet must not get into the snapshot; `#drain` comes back here once it is.
    if (this.#pending.length > 0) return
    const through = this.#lastDurableSeq()
    const mirror = this.#mirror
    if (this.#durable < (this.#options.compactAfter ?? COMPACT_AFTER_RECORDS)) return
    // Nothing above the mirror's confirmed position is compacted (S21).
    if (!mirror || mirror.generation !== this.#header.generation || mirror.lastSeq < through) return
    const snapshot: LogRecord = { kind: 'snapshot', seq: through, state: forSnapshot(this.#state) }
    const header = { ...this.#header, compactedThrough: through }
    const kept = this.#records.length
    const outcome = await this.#options.storage.replace(header, [snapshot])
    if (outcome.kind === 'failed')
      return this.#options.log.warn('log.compaction-failed', { reason: outcome.reason })
    this.#header = header
    this.#records = [snapshot, ...this.#records.slice(kept)]
    this.#durable = 1
    this.#options.log.info('log.compacted', { through })
  }

  #announce(): void {
    const seq = this.#lastDurableSeq()
    for (const listener of this.#listeners) listener(seq)
  }
}

/** Contents of customers without open operations are not needed again: Square has them. */
function forSnapshot(state: LogState): LogSnapshot {
  const snapshot = toSnapshot(state)
  const targets = new Set([...state.entries.values()].map(({ op }) => targetOf(state, op.localId)))
  return { ...snapshot, remotes: snapshot.remotes.filter((remote) => targets.has(remote.id)) }
}

/** Index of the first record after that seq; records are in order of seq. */
function firstAfter(records: readonly LogRecord[], seq: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (records[middle]!.seq > seq) high = middle
    else low = middle + 1
  }
  return low
}
