import type { Log } from '#shared/ports.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { applyRecord, foldLog } from '#shared/outbox/fold-log.ts'
import type { LogHeader, LogStorage, WriteOutcome } from './log-storage.ts'

/** A file that takes the place of the one in use. */
export interface NewBeginning {
  readonly header: LogHeader
  readonly records: readonly LogRecord[]
}
export interface LogWriterOptions {
  readonly storage: LogStorage
  readonly log: Log
  /** Called after records became durable, with the seq of the last one. */
  readonly onDurable: (seq: number) => void
  /** Asked before each write: a beginning that says in less what all durable records say, or null (S21). */
  readonly compaction: () => NewBeginning | null
}

type Pending = { readonly records: readonly LogRecord[]; readonly settle: (outcome: WriteOutcome) => void }

/**
 * Group commit: everything asked for while the disk is busy goes into the next write and sync. A record takes effect on
 * `state` at once, so that checks and appends of one tick see each other (S4), and is taken back if it cannot be made
 * durable.
 */
export class LogWriter {
  readonly #options: LogWriterOptions
  #header: LogHeader
  /** All records of the file and, behind `#durable`, those being written. */
  #records: LogRecord[]
  #durable: number
  #state: LogState
  #pending: Pending[] = []
  #writing: Promise<void> | null = null
  #flushAgain = false

  /** Over what was read back from the file; `state` is its fold. */
  constructor(options: LogWriterOptions, header: LogHeader, records: readonly LogRecord[], state: LogState) {
    this.#options = options
    this.#header = header
    this.#records = [...records]
    this.#durable = records.length
    this.#state = state
  }

  /** The fold of the log, durable or not. Read it again after every await. */
  get state(): LogState {
    return this.#state
  }
  get header(): LogHeader {
    return this.#header
  }

  /** The records that survive a power cut, in order of seq. */
  durable(): readonly LogRecord[] {
    return this.#records.slice(0, this.#durable)
  }

  /** How many those are. */
  durableCount(): number {
    return this.#durable
  }

  lastDurableSeq(): number {
    return this.#records[this.#durable - 1]?.seq ?? this.#header.compactedThrough
  }

  /** Resolves once the records survive a power cut, or did not get there. None: once everything before them has. */
  write(bodies: readonly RecordBody[]): Promise<WriteOutcome> {
    if (bodies.length === 0) return this.#settled()
    let seq = this.#records.at(-1)?.seq ?? this.#header.compactedThrough
    const records = bodies.map((body): LogRecord => ({ ...body, seq: ++seq }))
    for (const record of records) applyRecord(this.#state, record)
    this.#records.push(...records)
    const written = new Promise<WriteOutcome>((settle) => this.#pending.push({ records, settle }))
    this.flush()
    return written
  }

  /** Nothing to write: durable once everything before it is (a draft saved again answers for the first one). */
  #settled(): Promise<WriteOutcome> {
    if (this.#pending.length === 0 && !this.#writing) return Promise.resolve({ kind: 'written' })
    const written = new Promise<WriteOutcome>((settle) => this.#pending.push({ records: [], settle }))
    this.flush()
    return written
  }

  /** Has another look: at what waits to be written, and whether the log is to be compacted. */
  flush(): void {
    if (this.#writing) this.#flushAgain = true
    else this.#writing = this.#drain().finally(() => this.#released())
  }

  /**
   * Goes on in a new file with what `begin` makes of the durable log. What was asked for meanwhile was checked against
   * another state: it falls. False: the file could not be written, and all is as before.
   */
  async restart(begin: () => NewBeginning): Promise<boolean> {
    await this.idle()
    const started = this.#restartNow(begin())
    // Nothing is written beside it.
    this.#writing = started.then(() => this.#released())
    return started
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  async #restartNow({ header, records }: NewBeginning): Promise<boolean> {
    const outcome = await this.#options.storage.replace(header, records)
    if (outcome.kind === 'failed') return false
    const overtaken = this.#pending
    this.#pending = []
    this.#header = header
    this.#records = [...records]
    this.#durable = records.length
    this.#state = foldLog(records)
    for (const { settle } of overtaken) settle({ kind: 'failed', reason: 'io' })
    this.#options.onDurable(this.lastDurableSeq())
    return true
  }

  /** What was asked for after the last look of `#drain`, and before this, would wait for ever. */
  #released(): void {
    this.#writing = null
    if (!this.#flushAgain) return
    this.#flushAgain = false
    this.flush()
  }

  async #drain(): Promise<void> {
    await Promise.resolve() // the rest of this tick joins the batch
    do {
      // First: the position that came with an append is the one before it.
      await this.#compactIfDue()
      await this.#writePending()
    } while (this.#pending.length > 0)
  }

  async #writePending(): Promise<void> {
    const batch = this.#pending
    if (batch.length === 0) return
    this.#pending = []
    const records = batch.flatMap((pending) => pending.records)
    const outcome: WriteOutcome =
      records.length === 0 ? { kind: 'written' } : await this.#options.storage.append(records)
    if (outcome.kind === 'failed') return this.#takeBack(batch, outcome)
    this.#durable += records.length
    for (const { settle } of batch) settle(outcome)
    if (records.length > 0) this.#options.onDurable(this.lastDurableSeq())
  }

  /** What was checked against records that are not durable falls with them: everything still pending fails too. */
  #takeBack(batch: readonly Pending[], outcome: Extract<WriteOutcome, { kind: 'failed' }>): void {
    const failed = [...batch, ...this.#pending]
    this.#pending = []
    this.#records.length = this.#durable
    this.#state = foldLog(this.#records)
    this.#options.log.error('log.write-failed', { reason: outcome.reason })
    for (const { settle } of failed) settle(outcome)
  }

  async #compactIfDue(): Promise<void> {
    const next = this.#options.compaction()
    if (!next) return
    const kept = this.#durable
    const outcome = await this.#options.storage.replace(next.header, next.records)
    if (outcome.kind === 'failed')
      return this.#options.log.warn('log.compaction-failed', { reason: outcome.reason })
    this.#header = next.header
    this.#records = [...next.records, ...this.#records.slice(kept)]
    this.#durable = next.records.length
    this.#options.log.info('log.compacted', { through: next.header.compactedThrough })
  }
}
