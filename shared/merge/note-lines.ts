/** A line as it is written, and the text it is compared by. */
export interface NoteLine {
  readonly raw: string
  readonly key: string
}

/** What Square writes into the note of a customer it made by merging two; it does so without a line break before it. */
const SQUARE_REMARK = /(?<![^\S\n])[^\S\n]*(?=Merged on [^\n]{1,80}?Following fields were not transferred)/g
const SQUARE_REMARK_LINE = /^\s*Merged on .{1,80}?Following fields were not transferred/

/** The lines of a note; blank lines before and after the text do not count, Square's merge remark always begins a line. */
export function noteLines(note: string): readonly NoteLine[] {
  const lines = note
    .replace(/\r\n?/g, '\n')
    .replace(SQUARE_REMARK, (blank, offset: number, text: string) =>
      offset === 0 || text[offset - 1] === '\n' ? blank : '\n',
    )
    .split('\n')
    .map((raw) => ({ raw, key: raw.normalize('NFC').trimEnd() }))
  const first = lines.findIndex((line) => line.key.trim() !== '')
  if (first < 0) return []
  const last = lines.findLastIndex((line) => line.key.trim() !== '')
  return lines.slice(first, last + 1)
}

/** A note that ends with Square's merge remark, in two; null for any other. */
export function withoutSquareRemark(
  lines: readonly NoteLine[],
): { readonly before: readonly NoteLine[]; readonly remark: readonly NoteLine[] } | null {
  const start = lines.findLastIndex((line) => SQUARE_REMARK_LINE.test(line.raw))
  if (start < 0) return null
  const text = lines.slice(0, start)
  const last = text.findLastIndex((line) => line.key.trim() !== '')
  return { before: text.slice(0, last + 1), remark: lines.slice(start) }
}
