import { diffIndices } from 'node-diff3'
import type { NoteLine } from './note-lines.ts'

/** Lines `start` to `start + removed` of the old text became `added`. */
export interface Hunk {
  readonly start: number
  readonly removed: number
  readonly added: readonly NoteLine[]
}

/** Longer notes are not compared line by line: the time that takes grows with the square of the length. */
const MOST_LINES = 1_000

/**
 * What turned `before` into `after`, line by line; null where that cannot be told for sure: too long, or a line at an edit
 * occurs more than once, so that the edit might as well belong to the other occurrence.
 */
export function lineHunks(before: readonly NoteLine[], after: readonly NoteLine[]): readonly Hunk[] | null {
  if (before.length > MOST_LINES || after.length > MOST_LINES) return null
  const keys = before.map((line) => line.key)
  const hunks = differences(
    keys,
    after.map((line) => line.key),
  ).map((difference) => ({
    start: difference.start,
    removed: difference.removed,
    added: after.slice(difference.addedStart, difference.addedStart + difference.added),
  }))
  const repeated = repeatedIn(keys)
  const ambiguous = hunks.some((hunk) =>
    keys.slice(Math.max(0, hunk.start - 1), hunk.start + hunk.removed + 1).some((key) => repeated.has(key)),
  )
  return ambiguous ? null : hunks
}

function repeatedIn(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) repeated.add(key)
    seen.add(key)
  }
  return repeated
}

interface Difference {
  readonly start: number
  readonly removed: number
  readonly addedStart: number
  readonly added: number
}

/** The library's answer in our words; its own types say `any`. */
function differences(before: readonly string[], after: readonly string[]): readonly Difference[] {
  return diffIndices([...before], [...after]).map(({ buffer1, buffer2 }) => {
    const [start, removed] = buffer1
    const [addedStart, added] = buffer2
    return { start, removed, addedStart, added }
  })
}
