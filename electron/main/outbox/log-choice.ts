import { join } from 'node:path'
import type { LogFs } from './log-fs.ts'
import { readLogFile, type LogFileContent } from './log-reader.ts'

/** `outbox-000001.log`: as names they are in the order of their numbers. */
export function logName(number: number): string {
  return `outbox-${String(number).padStart(6, '0')}.log`
}
/** Beside a log: what could not be believed in it. */
export function setAsideName(file: string): string {
  return `${file}.set-aside`
}
/** That, as it is written there. */
export function asLines(damaged: readonly Buffer[]): Buffer {
  return Buffer.concat(damaged.flatMap((piece) => [piece, Buffer.from('\n')]))
}

export interface FoundLog {
  readonly kind: 'found'
  readonly path: string
  readonly content: Complete
  readonly lastSeq: number
  readonly highestNumber: number
  /** Files this one came after, with nothing in them that is not in it or set aside: no longer needed. */
  readonly older: readonly string[]
  /** Seqs beyond this one, in a newer file that is damaged so that it does not count: they were promises, and are lacking. */
  readonly lost: readonly number[]
}
export type LogChoice =
  | FoundLog
  | { readonly kind: 'new'; readonly highestNumber: number }
  | { readonly kind: 'refused'; readonly reason: 'newer-format' | 'unreadable' }

type Complete = Extract<LogFileContent, { kind: 'complete' }>
interface NumberedFile {
  readonly number: number
  readonly path: string
  readonly content: LogFileContent
}

/**
 * Which file of a folder is the log. The newest complete one, unless an older one holds records beyond what the newer was
 * made from: then the newer one was given up when it could not be made durable, and work went on in the older.
 */
export async function chooseLog(fs: LogFs, folder: string): Promise<LogChoice> {
  let names: readonly string[]
  let files: readonly NumberedFile[]
  try {
    names = await fs.list(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'new', highestNumber: 0 }
    return { kind: 'refused', reason: 'unreadable' }
  }
  try {
    files = await readAll(fs, folder, names)
  } catch {
    // Also where there is none under a name that was there: taken away while we looked, or a link that leads nowhere.
    return { kind: 'refused', reason: 'unreadable' }
  }
  const highestNumber = files[0]?.number ?? 0
  if (files.some(({ content }) => content.kind === 'newer-format'))
    return { kind: 'refused', reason: 'newer-format' }
  const complete = files.flatMap(({ content, ...file }) =>
    content.kind === 'complete' ? [{ ...file, content }] : [],
  )
  const chosen = complete.find(({ number, content }) =>
    complete.every(
      (other) => other.number >= number || lastSeq(other.content) <= content.header.compactedThrough,
    ),
  )
  if (chosen) {
    const { path, content } = chosen
    const older: string[] = []
    for (const file of files)
      if (file.number < chosen.number && (await isSpent(fs, file))) older.push(file.path)
    const through = lastSeq(content)
    const lost = files
      .flatMap((file) => (file.content.kind === 'incomplete' ? file.content.appended : []))
      .filter((seq) => seq > through)
    return { kind: 'found', path, content, lastSeq: through, highestNumber, older, lost }
  }
  return neverFinished(files) ? { kind: 'new', highestNumber } : { kind: 'refused', reason: 'unreadable' }
}

/** Newest first. */
async function readAll(
  fs: LogFs,
  folder: string,
  names: readonly string[],
): Promise<readonly NumberedFile[]> {
  const files: NumberedFile[] = []
  for (const name of names) {
    const number = Number(/^outbox-(\d{6,})\.log$/.exec(name)?.[1] ?? NaN)
    if (Number.isNaN(number)) continue
    const path = join(folder, name)
    files.push({ number, path, content: readLogFile(await fs.read(path)) })
  }
  return files.sort((a, b) => b.number - a.number)
}

function lastSeq({ header, records }: Complete): number {
  return records.at(-1)?.seq ?? header.compactedThrough
}

/** Nothing in it would be missed: what is damaged in it lies beside it, all of it, for that may have been cut short. */
async function isSpent(fs: LogFs, { path, content }: NumberedFile): Promise<boolean> {
  if (content.kind !== 'complete') return content.kind === 'incomplete' && !content.holdsRecords
  if (content.damaged.length === 0) return true
  const aside = await fs.read(setAsideName(path)).catch(() => null)
  return aside !== null && aside.equals(asLines(content.damaged))
}

/** The very first file was cut short before it counted, and so was whatever was tried after it. */
function neverFinished(files: readonly NumberedFile[]): boolean {
  const empty = files.every(({ content }) => content.kind === 'incomplete' && !content.holdsRecords)
  return empty && (files.length === 0 || files.at(-1)?.number === 1)
}
