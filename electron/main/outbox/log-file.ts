import { join } from 'node:path'
import type { LogRecord } from '#shared/outbox/record.ts'
import { nodeLogFs, writeAll, type LogFd, type LogFs } from './log-fs.ts'
import { lockFolder, type LockResult } from './log-lock.ts'
import { asLines, chooseLog, logName, setAsideName, type FoundLog } from './log-choice.ts'
import { beginningOf } from './log-reader.ts'
import type { LogStorage, OpenedLog, WriteOutcome } from './log-storage.ts'
import { crc32, frame } from './record-frame.ts'

export interface LogFileOptions {
  /** Of one store, for nothing but its log. */
  readonly folder: string
  readonly fs?: LogFs
  readonly lock?: (folder: string) => Promise<LockResult>
  /** Safe mode: what is there is read and stays as it is, byte for byte (S24). */
  readonly isReadOnly?: boolean
}

/** The file that counts, as far as it is durable: nothing beyond `length` was ever promised. */
interface Current {
  readonly path: string
  readonly length: number
  /** Of the first `length` bytes. */
  readonly crc: number
  readonly lastSeq: number
  /** Its last record lost its line break. */
  readonly needsNewline: boolean
}

/**
 * The outbox log in a folder of numbered files, of which one counts (S20, S21). Calls are done one after the other.
 * Windows shapes it: a file that is open is never renamed and never replaced, so a new beginning gets a new number.
 */
export function createLogFile({
  folder,
  fs = nodeLogFs,
  lock = lockFolder,
  isReadOnly = false,
}: LogFileOptions): LogStorage {
  let current: Current | null = null
  let fd: LogFd | null = null
  let highestNumber = 0
  let release: (() => Promise<void>) | null = null
  /** A write failed and could not be taken back for certain: what this process writes cannot be vouched for any more. */
  let broken = false
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  async function open(): Promise<OpenedLog> {
    const locked = await lock(folder)
    if (locked.kind === 'taken') return { kind: 'refused', reason: 'locked' }
    if (locked.kind === 'held') release = locked.release
    const found = await chooseLog(fs, folder)
    if (found.kind === 'refused') {
      await unlock()
      return found
    }
    highestNumber = found.highestNumber
    if (found.kind === 'new') return { kind: 'new' }
    const { path, content, lastSeq, lost } = found
    const { header, records, damaged, tornBytes, unterminated } = content
    current = { path, length: content.end, crc: content.crc, lastSeq, needsNewline: unterminated }
    if (!isReadOnly) await tidyUp(found, current)
    const opened = { kind: 'opened', header, records, tornBytes } as const
    if (lost.length === 0) return { ...opened, setAside: damaged.length }
    return { ...opened, setAside: damaged.length + lost.length, lostThrough: Math.max(...lost) }
  }

  /** All of it can wait for the next start: a disk that takes nothing now must not keep the log from being read. */
  async function tidyUp({ content, path, older }: FoundLog, at: Current): Promise<void> {
    try {
      if (content.damaged.length > 0) await fs.write(setAsideName(path), asLines(content.damaged))
      else for (const file of older) await fs.remove(file)
      await reopen(at)
    } catch {
      await closeFd()
    }
  }

  async function append(records: Parameters<LogStorage['append']>[0]): Promise<WriteOutcome> {
    // Out of order, a reader could not tell which of two records with one seq was the promise.
    const at = current
    if (broken || at === null || !inOrder(at.lastSeq, records)) return { kind: 'failed', reason: 'io' }
    if (fd === null) {
      try {
        await reopen(at)
      } catch (error) {
        await closeFd()
        return failed(error)
      }
    }
    const newline = at.needsNewline ? [Buffer.from('\n')] : []
    const bytes = Buffer.concat([...newline, ...records.map(frame)])
    try {
      await writeAll(fd!, bytes, at.length)
      await fd!.sync()
    } catch (error) {
      await takeBack(at)
      return failed(error)
    }
    current = {
      path: at.path,
      length: at.length + bytes.length,
      crc: crc32(bytes, at.crc),
      lastSeq: records.at(-1)?.seq ?? at.lastSeq,
      needsNewline: false,
    }
    return { kind: 'written' }
  }

  /**
   * After a failed write or sync the descriptor is not trusted again: the system may have dropped the bytes and say
   * "synced" to the next call. The file is opened anew and cut to what was durable; if that fails too, nothing more is
   * written before the next start.
   */
  async function takeBack(at: Current): Promise<void> {
    try {
      await reopen(at)
    } catch {
      broken = true
      await closeFd()
    }
  }

  /** Opens the current file and makes it exactly as long, and as it was, when it was last durable. */
  async function reopen({ path, length, crc }: Current): Promise<void> {
    await closeFd()
    fd = await fs.open(path)
    if ((await fd.size()) !== length) {
      await fd.truncate(length)
      await fd.sync()
    }
    const held = await fs.read(path)
    if (held.length !== length || crc32(held) !== crc) {
      throw Object.assign(new Error('the log is not what was written'), { code: 'EIO' })
    }
  }

  async function replace(...[header, records]: Parameters<LogStorage['replace']>): Promise<WriteOutcome> {
    // A beginning that is not made from everything appended so far would not count at the next start.
    const passesOver = current !== null && header.compactedThrough < current.lastSeq
    if (broken || passesOver || !inOrder(0, records)) return { kind: 'failed', reason: 'io' }
    highestNumber += 1
    const path = join(folder, logName(highestNumber))
    const bytes = beginningOf(header, records)
    let next: LogFd | null = null
    try {
      await fs.makeFolder(folder)
      next = await fs.create(path)
      await writeAll(next, bytes, 0)
      await next.sync()
      await fs.syncFolder(folder)
    } catch (error) {
      await next?.close().catch(() => undefined)
      // Were it to stay: a file overtaken by what is appended to this one does not count at the next start. What was there
      // before under that name is not ours to remove.
      if (next) await fs.remove(path).catch(() => undefined)
      return failed(error)
    }
    await closeFd()
    fd = next
    const lastSeq = records.at(-1)?.seq ?? header.compactedThrough
    current = { path, length: bytes.length, crc: crc32(bytes), lastSeq, needsNewline: false }
    return { kind: 'written' }
  }

  async function removeOlder(): Promise<void> {
    const found = await chooseLog(fs, folder)
    if (found.kind !== 'found' || current === null) return
    const { path, content, older } = found
    // Where the next start would read something else, what is older may be all that is left.
    if (path !== current.path || content.end !== current.length || content.crc !== current.crc) return
    if (content.damaged.length > 0) return
    try {
      for (const file of older) await fs.remove(file)
    } catch {
      // The next start removes them.
    }
  }

  async function closeFd(): Promise<void> {
    const closing = fd
    fd = null
    await closing?.close().catch(() => undefined)
  }

  async function unlock(): Promise<void> {
    const unlocking = release
    release = null
    await unlocking?.()
  }

  return {
    open: () => inTurn(open),
    append: (records) => inTurn(() => append(records)),
    replace: (header, records) => inTurn(() => replace(header, records)),
    removeOlder: () => inTurn(removeOlder),
    close: () =>
      inTurn(async () => {
        await closeFd()
        current = null
        await unlock()
      }),
  }
}

function inOrder(after: number, records: readonly LogRecord[]): boolean {
  return records.every(({ seq }, index) => seq > (records[index - 1]?.seq ?? after))
}

function failed(error: unknown): WriteOutcome {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { kind: 'failed', reason: 'disk-full' }
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return { kind: 'failed', reason: 'read-only' }
    default:
      return { kind: 'failed', reason: 'io' }
  }
}
