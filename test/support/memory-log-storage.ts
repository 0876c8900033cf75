import type { LogRecord } from '#shared/outbox/record.ts'
import type { LogHeader, LogStorage, WriteOutcome } from '#main/outbox/log-storage.ts'

/** The file of a log, in memory: it outlives the outbox that writes it, as a file outlives a process. */
export interface MemoryLogFile {
  header: LogHeader | null
  records: LogRecord[]
  /** What the next writes end with; empty: they succeed. */
  readonly failures: Extract<WriteOutcome, { kind: 'failed' }>['reason'][]
}
export function memoryLogFile(): MemoryLogFile {
  return { header: null, records: [], failures: [] }
}

/** The storage over that file; records go in and come out as copies. */
export function memoryLogStorage(file: MemoryLogFile): LogStorage {
  const outcome = (write: () => void): Promise<WriteOutcome> => {
    const reason = file.failures.shift()
    if (reason) return Promise.resolve({ kind: 'failed', reason })
    write()
    return Promise.resolve({ kind: 'written' })
  }
  return {
    open() {
      const { header, records } = file
      if (!header) return Promise.resolve({ kind: 'new' })
      return Promise.resolve({
        kind: 'opened',
        header,
        records: structuredClone(records),
        setAside: 0,
        tornBytes: 0,
      })
    },
    append: (records) => outcome(() => file.records.push(...structuredClone(records))),
    replace: (header, records) =>
      outcome(() => {
        file.header = structuredClone(header)
        file.records = structuredClone([...records])
      }),
    removeOlder: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
