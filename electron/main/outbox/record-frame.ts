/**
 * How a value lies in the log: `<length> <crc32> <json>\n`, both numbers as eight hexadecimal digits, the length that of
 * the JSON in bytes. One line each, so that a person can read a log with any editor. This frame and the header's member
 * `format` never change, so that every version of the app can tell that a log is not for it.
 */
const LENGTH_DIGITS = 8
const JSON_START = 2 * (LENGTH_DIGITS + 1)
const NEWLINE = 0x0a
const SPACE = 0x20

/** The bytes of one value, its line break included. */
export function frame(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value), 'utf8')
  const prefix = `${hex(json.length)} ${hex(crc32(json))} `
  return Buffer.concat([Buffer.from(prefix, 'ascii'), json, Buffer.of(NEWLINE)])
}

export type Piece =
  /** A value as it was written; `bytes` without the line break. */
  | { readonly kind: 'value'; readonly value: unknown; readonly bytes: Buffer }
  /** Bytes that are no frame. */
  | { readonly kind: 'damaged'; readonly bytes: Buffer }

export interface Frames {
  readonly pieces: readonly Piece[]
  /** Where the last thing worth keeping ends: the next frame goes here. */
  readonly end: number
  /** True where the value that ends there lacks its line break. */
  readonly unterminated: boolean
  /** Bytes after `end`: a write that was cut short. */
  readonly tornBytes: number
}

/**
 * Takes a file apart. Damage costs the frame it lies in and no other: reading goes on with the next bytes that are a
 * frame with the right checksum, also where a line break was hit. Only bytes at the very end that are no whole line are
 * a torn write; a whole line at the end that is damaged may have been a promise and is not cut.
 */
export function readFrames(file: Buffer): Frames {
  const pieces: Piece[] = []
  let position = 0
  let unterminated = false
  while (position < file.length) {
    const found = frameAt(file, position)
    if (found) {
      pieces.push(found.piece)
      unterminated = found.end === file.length
      // One byte of any value: a line break, or what became of it.
      position = Math.min(found.end + 1, file.length)
      continue
    }
    const until = nextFrame(file, position + 1) ?? endOfLastLine(file, position)
    if (until === position) break
    pieces.push({ kind: 'damaged', bytes: file.subarray(position, until) })
    unterminated = false
    position = until
  }
  return { pieces, end: position, unterminated, tornBytes: file.length - position }
}

/** Behind it lies a write that was cut short, or was never filled: some systems leave zeros where only the length was durable. */
function endOfLastLine(file: Buffer, from: number): number {
  return from + file.subarray(from).lastIndexOf(NEWLINE) + 1
}

function frameAt(file: Buffer, start: number): { readonly piece: Piece; readonly end: number } | null {
  if (file[start + LENGTH_DIGITS] !== SPACE || file[start + JSON_START - 1] !== SPACE) return null
  const length = hexNumber(file, start)
  const crc = hexNumber(file, start + LENGTH_DIGITS + 1)
  const end = start + JSON_START + length
  if (Number.isNaN(length) || Number.isNaN(crc) || end > file.length) return null
  const json = file.subarray(start + JSON_START, end)
  if (crc32(json) !== crc) return null
  try {
    const value: unknown = JSON.parse(json.toString('utf8'))
    return { piece: { kind: 'value', value, bytes: file.subarray(start, end) }, end }
  } catch {
    return null
  }
}

function nextFrame(file: Buffer, from: number): number | null {
  for (let start = from; start + JSON_START < file.length; start++) {
    if (frameAt(file, start)) return start
  }
  return null
}

function hexNumber(file: Buffer, start: number): number {
  const digits = file.toString('latin1', start, start + LENGTH_DIGITS)
  return /^[0-9a-f]{8}$/.test(digits) ? parseInt(digits, 16) : NaN
}

function hex(number: number): string {
  return number.toString(16).padStart(LENGTH_DIGITS, '0')
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** CRC-32 (ISO-HDLC) of the bytes, going on from that of the bytes before them. Node's own is newer than Node 20. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}
