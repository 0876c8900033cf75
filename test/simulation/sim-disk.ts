import type { LogHeader, LogStorage, OpenedLog, WriteOutcome } from '#main/outbox/log-storage.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import type { Life, Scheduler } from './scheduler.ts'

interface File {
  header: LogHeader
  records: string[]
  /** How many of them it was begun with: those are there twice. */
  readonly begins: number
}

/**
 * A disk with one log on it, as a disk is: what was not synced may be gone after a crash, any prefix of it may have
 * got there by luck, a new file counts only once it is complete. Survives the lives of its PC.
 */
export class SimDisk {
  file: File | null = null
  full = 0
  readonly #scheduler: Scheduler
  readonly #random: { disk: () => number; crash: () => number }
  readonly #onDurable: (record: LogRecord) => void
  #writing: string[] = []
  /** A write is on its way that will be refused: the log's own state still holds it. */
  #refusing = false
  #pendingFile: File | null = null
  #last: { readonly line: string | null; readonly seq: number } = { line: null, seq: 0 }
  /** Whoever has the log open: the lock goes with the process. */
  #holder: Life | null = null

  constructor(
    scheduler: Scheduler,
    random: { disk: () => number; crash: () => number },
    onDurable: (record: LogRecord) => void,
  ) {
    this.#scheduler = scheduler
    this.#random = random
    this.#onDurable = onDurable
  }

  /** The storage of one life; a dead life's calls are never answered. */
  storage(life: Life): LogStorage {
    const wait = () => this.#scheduler.after(1 + this.#random.disk() * 15, life)
    return {
      open: async (): Promise<OpenedLog> => {
        if (this.#holder && !this.#holder.dead) return { kind: 'refused', reason: 'locked' }
        this.#holder = life
        if (!this.file) return { kind: 'new' }
        const records = this.file.records.map((line) => JSON.parse(line) as LogRecord)
        return { kind: 'opened', header: this.file.header, records, setAside: 0, tornBytes: 0 }
      },
      append: async (records): Promise<WriteOutcome> => {
        const lines = records.map((record) => JSON.stringify(record))
        if (this.#random.disk() < this.full) {
          this.#refusing = true
          await wait()
          this.#refusing = false
          return { kind: 'failed', reason: 'disk-full' }
        }
        this.#writing = lines
        await wait()
        this.#writing = []
        this.#land(lines)
        return { kind: 'written' }
      },
      replace: async (header, records): Promise<WriteOutcome> => {
        this.#pendingFile = {
          header,
          records: records.map((record) => JSON.stringify(record)),
          begins: records.length,
        }
        await wait()
        this.#switch()
        return { kind: 'written' }
      },
      removeOlder: async () => {},
      close: async () => {},
    }
  }

  /** Seq of the last record that survives a crash, where nothing is being written; else null. */
  quietAt(): number | null {
    if (!this.file || this.#writing.length > 0 || this.#refusing || this.#pendingFile) return null
    const line = this.file.records.at(-1) ?? null
    // Asked for after each projection: a line is read once.
    if (line !== this.#last.line)
      this.#last = { line, seq: line === null ? 0 : (JSON.parse(line) as LogRecord).seq }
    return this.#last.seq
  }

  /** The power goes: of what was being written a prefix may have reached the disk, the record after it is torn. */
  crash(): void {
    const kept = Math.floor(this.#random.crash() * (this.#writing.length + 1))
    this.#land(this.#writing.slice(0, kept))
    this.#refusing = false
    this.#writing = []
    if (this.#pendingFile && this.#random.crash() < 0.5) this.#switch()
    this.#pendingFile = null
  }

  /** How many records were appended behind what the file begins with. */
  appended(): number {
    return this.file ? this.file.records.length - this.file.begins : 0
  }

  /** One of the appended records is damaged, and set aside by whoever reads the file. Its seq. */
  loseOne(nth: number): number {
    const [line] = this.file!.records.splice(this.file!.begins + nth, 1)
    return (JSON.parse(line!) as LogRecord).seq
  }

  /** The last records are lost although they were synced: a damaged file. */
  loseTail(count: number): void {
    this.file?.records.splice(Math.max(0, this.file.records.length - count))
  }

  #land(lines: readonly string[]): void {
    if (!this.file || lines.length === 0) return
    this.file.records.push(...lines)
    for (const line of lines) this.#onDurable(JSON.parse(line) as LogRecord)
  }

  #switch(): void {
    if (!this.#pendingFile) return
    this.file = this.#pendingFile
    this.#pendingFile = null
    for (const line of this.file.records) {
      const record = JSON.parse(line) as LogRecord
      if (record.kind !== 'snapshot') this.#onDurable(record)
    }
  }
}
