import { isObject, isText } from '#shared/customer/shape.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import type { LogHeader } from './log-storage.ts'
import { crc32, frame, readFrames } from './record-frame.ts'
import { isLogRecord, isStoreId } from '#shared/outbox/record-shape.ts'

/** The format this version writes, and the newest it reads. */
const FORMAT = 1

/**
 * A log file: a header, the records it begins with, the same header and records once more, then what was appended. The
 * beginning is there twice because a compacted file begins with the one record that holds every open promise, and a
 * single damaged byte must not reach it. The header lists the seqs of the beginning: a file that lacks one of them was
 * never finished and never counted.
 */
export function beginningOf(header: LogHeader, records: readonly LogRecord[]): Buffer {
  const once = [
    frame({ log: 'counterfoil-outbox', ...header, begins: records.map(({ seq }) => seq) }),
    ...records.map(frame),
  ]
  return Buffer.concat([...once, ...once])
}

export type LogFileContent =
  | {
      readonly kind: 'complete'
      readonly header: LogHeader
      /** In order of seq. */
      readonly records: readonly LogRecord[]
      /** What could not be believed, as it lies in the file. */
      readonly damaged: readonly Buffer[]
      /** Where the next record goes, and the checksum of everything before that place. */
      readonly end: number
      readonly crc: number
      readonly unterminated: boolean
      readonly tornBytes: number
    }
  | { readonly kind: 'newer-format' }
  /**
   * No header, or not everything it begins with: `holdsRecords` tells a damaged log from one never finished, `appended` are
   * the seqs of what is certainly no part of its beginning, or of all where no header is left to tell.
   */
  | { readonly kind: 'incomplete'; readonly holdsRecords: boolean; readonly appended: readonly number[] }

export function readLogFile(file: Buffer): LogFileContent {
  const { pieces, end, unterminated, tornBytes } = readFrames(file)
  let header: FileHeader | null = null
  const bySeq = new Map<number, { readonly record: LogRecord; readonly bytes: Buffer }>()
  const damaged: Buffer[] = []
  for (const piece of pieces) {
    if (piece.kind === 'damaged') {
      damaged.push(piece.bytes)
      continue
    }
    const { value, bytes } = piece
    if (isHeader(value)) {
      if (value.format > FORMAT) return { kind: 'newer-format' }
      if (isFileHeader(value)) header ??= value
      else damaged.push(bytes)
      continue
    }
    if (!isLogRecord(value)) {
      damaged.push(bytes)
      continue
    }
    const known = bySeq.get(value.seq)
    if (!known) bySeq.set(value.seq, { record: value, bytes })
    else if (!known.bytes.equals(bytes)) damaged.push(bytes)
  }
  if (header === null || !header.begins.every((seq) => bySeq.has(seq))) {
    const begins = new Set(header?.begins)
    const appended = [...bySeq.keys()].filter((seq) => !begins.has(seq))
    return { kind: 'incomplete', holdsRecords: bySeq.size > 0 || damaged.length > 0, appended }
  }
  const records = [...bySeq.values()].map(({ record }) => record).sort((a, b) => a.seq - b.seq)
  const crc = crc32(file.subarray(0, end))
  return {
    kind: 'complete',
    header: withoutBegins(header),
    records,
    damaged,
    end,
    crc,
    unterminated,
    tornBytes,
  }
}

interface FileHeader extends LogHeader {
  readonly begins: readonly number[]
}

function isHeader(value: unknown): value is { readonly format: number } {
  return isObject(value) && value.log === 'counterfoil-outbox' && typeof value.format === 'number'
}

function isFileHeader(value: unknown): value is FileHeader {
  return (
    isObject(value) &&
    value.format === FORMAT &&
    isText(value.machineId) &&
    Number.isSafeInteger(value.generation) &&
    isStoreId(value.store) &&
    Number.isSafeInteger(value.compactedThrough) &&
    Array.isArray(value.begins) &&
    value.begins.every((seq) => Number.isSafeInteger(seq))
  )
}

function withoutBegins({
  format,
  machineId,
  generation,
  store,
  compactedThrough,
  begun,
}: FileHeader): LogHeader {
  const header = { format, machineId, generation, store, compactedThrough }
  return isText(begun) ? { ...header, begun } : header
}
