import type { AppendResult, Batch, MirrorPosition } from '#shared/ipc/contract.ts'
import type { Clock, Log, NewId } from '#shared/ports.ts'
import type { LogSnapshot, LogState } from '#shared/outbox/log-state.ts'
import type { Operation, StoreId } from '#shared/outbox/operation.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { foldLog } from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { checkDrafts } from './check-drafts.ts'
import type { LogHeader, LogStorage, WriteOutcome } from './log-storage.ts'
import { LogWriter, type NewBeginning } from './log-writer.ts'
import { begunNow, forSnapshot, isOld, nextGeneration, sameGeneration, type OfLog } from './new-beginning.ts'
import type { Outbox } from './outbox-port.ts'
import { givenBack, lastMissing } from './whole-log.ts'

/** Below this much free space no new promise is made; what is already promised is still recorded (S1). */
export const FREE_BYTES_FLOOR = 200 * 1024 * 1024
/** A log longer than this is compacted once the mirror has all of it (S21). */
export const COMPACT_AFTER_RECORDS = 2_000
const DAY_MS = 24 * 60 * 60 * 1000

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
  /** Tells how old the log is, and when a day is over. Absent: it is compacted by its length only. */
  readonly clock?: Pick<Clock, 'wallIso' | 'schedule'>
  /** Safe mode: the file stays as it is, also where it lacks something, is long, or another machine's (S24). */
  readonly isReadOnly?: boolean
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
 * power cut; a record takes effect on `state()` at once, and is taken back if it cannot be made durable.
 */
export async function openOutbox(options: OutboxOptions): Promise<OpenedOutbox> {
  const { storage, store, machineId, log } = options
  const opened = await storage.open()
  if (opened.kind === 'refused') return opened
  if (opened.kind === 'new') {
    const first = { format: 1, machineId, generation: 1, store, compactedThrough: 0 } as const
    const header = begunNow(first, options.clock)
    const created = await storage.replace(header, [])
    if (created.kind === 'failed') return { kind: 'refused', reason: created.reason }
    return handedOut(new LogOutbox(options, header, []), 0)
  }
  const { header, records, setAside, lostThrough } = opened
  if (header.store.merchantId !== store.merchantId || header.store.environment !== store.environment) {
    return { kind: 'refused', reason: 'wrong-store' }
  }
  if (setAside > 0) log.warn('log.records-set-aside', { count: setAside })
  const outbox = new LogOutbox(options, header, records, lostThrough)
  if (header.machineId !== machineId && !options.isReadOnly) {
    log.warn('log.from-another-machine', { open: outbox.state().entries.size })
    if (!(await outbox.takeOver())) return { kind: 'refused', reason: 'io' }
  }
  return handedOut(outbox, setAside)
}

function handedOut(outbox: LogOutbox, setAside: number): OpenedOutbox {
  outbox.lookTomorrow()
  return { kind: 'opened', outbox, setAside }
}

class LogOutbox implements Outbox {
  readonly #options: OutboxOptions
  readonly #writer: LogWriter
  readonly #listeners = new Set<(seq: number) => void>()
  #restoring: Promise<void> | null = null
  #mirror: MirrorPosition | null = null
  #stopLooking = () => {}
  /** The highest seq the file is known to lack, in its middle or where a damaged one went on; 0: none. */
  #missing: number
  #cannotBeMadeWhole = false

  constructor(options: OutboxOptions, header: LogHeader, records: readonly LogRecord[], lostThrough = 0) {
    const { storage, log } = options
    this.#options = options
    const onDurable = (seq: number) => this.#announce(seq)
    const parts = { storage, log, onDurable, compaction: () => this.#compaction() }
    this.#writer = new LogWriter(parts, header, records, foldLog(records))
    this.#missing = Math.max(lastMissing(header, records), lostThrough)
  }

  /**
   * From now on once a day, for a till may run for months without a start and with nothing to write. What a compaction
   * left behind is removed before another one is made: the file before is there for the first day of the new one.
   */
  lookTomorrow(): void {
    const { clock, storage } = this.#options
    if (!clock) return
    this.#stopLooking = clock.schedule(DAY_MS, () => {
      void storage.removeOlder()
      this.#writer.flush()
      this.lookTomorrow()
    })
  }

  state(): LogState {
    return this.#writer.state
  }

  mirrorReported(): boolean {
    return this.#mirror !== null
  }

  cannotBeMadeWhole(): boolean {
    return this.#cannotBeMadeWhole
  }

  onChanged(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async append(drafts: Parameters<Outbox['append']>[0], mirror: MirrorPosition): Promise<AppendResult> {
    const { store, accepts, freeBytes } = this.#options
    const free = await freeBytes()
    if (free !== null && free < FREE_BYTES_FLOOR) return { kind: 'unwritable', reason: 'disk-low' }
    // What is promised to a log that lacks something would fall when it is given that back (S20).
    if (this.#lacks(mirror)) return { kind: 'lost-tail' }
    const checked = checkDrafts(this.state(), store, drafts, accepts)
    if (checked.kind === 'refused') return { ...checked, batch: this.#batchFor(mirror) }
    this.#confirm(mirror)
    const outcome = await this.#writer.write(checked.records)
    if (outcome.kind === 'failed') return { kind: 'unwritable', reason: outcome.reason }
    return { kind: 'appended', batch: this.#batchFor(mirror) }
  }

  async write(records: readonly RecordBody[]): Promise<boolean> {
    return (await this.#writer.write(records)).kind === 'written'
  }

  async since(mirror: MirrorPosition): Promise<Batch> {
    // A mirror of an earlier generation cannot say what was there.
    if (this.#missing > 0 && mirror.generation < this.#writer.header.generation) await this.#goOnWithRest()
    const batch = this.#batchFor(mirror)
    if (!batch.lostTail && !batch.again) this.#report(mirror)
    return batch
  }

  async restore(mirror: MirrorPosition, lost: LogSnapshot): Promise<Batch> {
    // Two hints at once must not restore twice: the second would ask other questions than the first.
    this.#restoring ??= this.#restoreOnce(mirror, lost).finally(() => (this.#restoring = null))
    await this.#restoring
    const batch = await this.since(mirror)
    // Asked again and again, said once.
    if (batch.lostTail && !this.#cannotBeMadeWhole) this.#options.log.error('log.cannot-be-made-whole')
    this.#cannotBeMadeWhole = batch.lostTail
    return batch
  }

  async #restoreOnce(mirror: MirrorPosition, lost: LogSnapshot): Promise<void> {
    const logSeq = this.#writer.lastDurableSeq()
    const { generation } = this.#writer.header
    const isOfThis = mirror.generation === generation
    // What one of an earlier generation lacks may be done or taken back long since.
    if (mirror.generation < generation || !this.#lacks(mirror) || this.#options.isReadOnly) return
    const missing = this.#missing
    // It has every record there was: nothing is in doubt by that, and nobody is asked.
    const hasAll = isOfThis && !mirror.partial && missing <= mirror.lastSeq && mirror.lastSeq === logSeq
    const begin = () => {
      if (hasAll) return sameGeneration(this.#parts(), lost)
      // Of another generation none of its seqs is one of these, and it may have begun without what this log has.
      const seen = isOfThis ? mirror.lastSeq : 0
      const had = {
        lastSeq: isOfThis ? seen : Infinity,
        state: lost,
        isPartial: !isOfThis || mirror.partial === true,
      }
      const whole = givenBack(had, { state: this.state(), records: this.#writer.durable() })
      const parts = this.#parts()
      return nextGeneration(
        { ...parts, header: { ...parts.header, generation: mirror.generation } },
        whole,
        seen,
      )
    }
    if (!(await this.#restart(begin))) return
    this.#options.log.warn('log.restored-from-mirror', { logSeq, mirrorSeq: mirror.lastSeq, missing })
  }

  /** The log of another machine goes on as this one's: everything open is copied (S20). False: not written. */
  takeOver(): Promise<boolean> {
    return this.#restart(() => nextGeneration(this.#parts(), toSnapshot(this.state()), 0))
  }

  /** Nobody knows what a damaged file held: what is left may have been sent, taken back or replaced (S20). */
  async #goOnWithRest(): Promise<void> {
    if (this.#options.isReadOnly) return
    // Two windows that ask at once must not be asked two sets of questions.
    this.#restoring ??= this.#takeOverDamaged().finally(() => (this.#restoring = null))
    await this.#restoring
  }

  async #takeOverDamaged(): Promise<void> {
    const missing = this.#missing
    if (await this.takeOver()) this.#options.log.warn('log.goes-on-with-the-rest', { missing })
  }

  /** From then on the file lacks nothing. False: not written. */
  async #restart(begin: () => NewBeginning): Promise<boolean> {
    const isWritten = await this.#writer.restart(begin)
    if (isWritten) this.#missing = 0
    return isWritten
  }

  #parts(): OfLog {
    const { newId, machineId, clock } = this.#options
    const { header } = this.#writer
    const lastSeq = this.#writer.lastDurableSeq()
    return { header, lastSeq, durable: () => this.#writer.durable(), newId, machineId, clock }
  }

  async close(): Promise<void> {
    this.#stopLooking()
    await this.#writer.idle()
    await this.#options.storage.close()
  }

  #report(mirror: MirrorPosition): void {
    const first = this.#mirror === null
    this.#mirror = mirror
    this.#cannotBeMadeWhole = false
    if (first) this.#announce(this.#writer.lastDurableSeq()) // the engine has waited for this (S20)
    this.#writer.flush()
  }

  /**
   * An append says how far the mirror is as well: where staff save and nothing is sent, nobody asks `since`. It counts
   * only after a report, where it is of this log, and never backwards: two saves may overtake each other.
   */
  #confirm(mirror: MirrorPosition): void {
    const known = this.#mirror
    const { generation } = this.#writer.header
    if (!known || mirror.generation !== generation) return
    if (known.generation !== generation || mirror.lastSeq > known.lastSeq) this.#mirror = mirror
  }

  /**
   * Something is missing in the middle, or the mirror is ahead of what is durable: also where it is of a later generation,
   * which this log has lost, or which was that of the log that lay here before.
   */
  #lacks({ generation, lastSeq }: MirrorPosition): boolean {
    const { header } = this.#writer
    const isAhead = generation === header.generation && lastSeq > this.#writer.lastDurableSeq()
    return this.#missing > 0 || isAhead || generation > header.generation
  }

  /** It has got beyond what is missing here, and lacks what came after that: the rest is whole. */
  #isBeyondGap({ generation, lastSeq, partial }: MirrorPosition): boolean {
    const isWhole = generation === this.#writer.header.generation && !partial
    return this.#missing > 0 && isWhole && this.#missing <= lastSeq && lastSeq < this.#writer.lastDurableSeq()
  }

  /** Only durable records are served: else every crash would look like a lost tail (protocol row 12). */
  #batchFor(mirror: MirrorPosition): Batch {
    const through = this.#writer.lastDurableSeq()
    const { generation, compactedThrough } = this.#writer.header
    const again = this.#isBeyondGap(mirror)
    if (this.#lacks(mirror) && !again)
      return { generation, reset: false, records: [], through, lostTail: true }
    const reset =
      mirror.partial === true || mirror.generation !== generation || mirror.lastSeq < compactedThrough
    const durable = this.#writer.durable()
    const records = reset ? durable : durable.slice(firstAfter(durable, mirror.lastSeq))
    return { generation, reset, records, through, lostTail: false, ...(again ? { again } : {}) }
  }

  /** Made from the durable records alone: `state` may hold more. */
  #compaction(): NewBeginning | null {
    const through = this.#writer.lastDurableSeq()
    const mirror = this.#mirror
    if (this.#options.isReadOnly) return null
    const isLong = this.#writer.durableCount() >= (this.#options.compactAfter ?? COMPACT_AFTER_RECORDS)
    if (!isLong && !isOld(this.#parts())) return null
    // Nothing above the mirror's confirmed position is compacted (S21).
    const { header } = this.#writer
    if (!mirror || mirror.generation !== header.generation || mirror.lastSeq < through) return null
    return sameGeneration(this.#parts(), forSnapshot(foldLog(this.#writer.durable())))
  }

  #announce(seq: number): void {
    for (const listener of this.#listeners) listener(seq)
  }
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
