import { NOTE_LIMIT } from '../customer/limits.ts'
import { noteKey } from '../customer/canonical.ts'
import { lineHunks, type Hunk } from './line-hunks.ts'
import { noteLines, withoutSquareRemark, type NoteLine } from './note-lines.ts'

/**
 * A note both sides changed, combined by line, or null where a person must look. Lines are never merged inside, and
 * nothing is dropped: the result holds every line either side added. Square's lines come first.
 */
export function mergeNote(base: string | null, local: string | null, remote: string | null): string | null {
  // A cleared note against a changed one is a question always.
  if (local === null || remote === null || noteKey(local) === '' || noteKey(remote) === '') return null
  const before = noteLines(base ?? '')
  const ours = noteLines(local)
  const theirs = noteLines(remote)
  const merged = inOnePlace(before, ours, theirs) ?? inDifferentPlaces(before, ours, theirs)
  if (merged === null) return null
  const text = textOf(merged)
  return text.length > NOTE_LIMIT ? null : text
}

function inOnePlace(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  return (
    keepingSquareRemark(before, ours, theirs) ??
    bothAtTheEnd(before, ours, theirs) ??
    bothAtTheStart(before, ours, theirs)
  )
}

/**
 * Of edits apart from each other only what is no question once it has come back: a request that Square did twice may be
 * answered with what it did itself (S7). Where one side took a line out and the other put the same one in elsewhere it
 * would be one, for together that looks like a line that moved.
 */
function inDifferentPlaces(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  const merged = apartFromEachOther(before, ours, theirs)
  if (merged === null) return null
  const echoed = noteLines(textOf(merged))
  const isSettled = (side: Lines) => {
    const again = inOnePlace(before, side, echoed) ?? apartFromEachOther(before, side, echoed)
    return again !== null && sameLines(again, echoed)
  }
  return isSettled(ours) && isSettled(theirs) ? merged : null
}

function textOf(lines: Lines): string {
  return lines.map((line) => line.raw).join('\n')
}

/** "Keep both" of the conflict screen: Square's note and, below it, the lines of ours that it does not hold. */
export function keepBothNotes(local: string | null, remote: string | null): string | null {
  const theirs = noteLines(remote ?? '')
  const known = new Set(theirs.map((line) => line.key))
  const added = noteLines(local ?? '').filter((line) => !known.has(line.key))
  return textOf([...theirs, ...added]) || null
}

/**
 * One side is the base with the remark Square writes when it merges two customers: the remark goes below the other. Where
 * one side is the other with it, it is there.
 */
function keepingSquareRemark(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  if (remarkOn(ours, theirs)) return theirs
  if (remarkOn(theirs, ours)) return ours
  const fromTheirs = remarkOn(before, theirs)
  if (fromTheirs) return holds(ours, fromTheirs) ? ours : [...ours, ...fromTheirs]
  const fromOurs = remarkOn(before, ours)
  if (fromOurs) return holds(theirs, fromOurs) ? theirs : [...theirs, ...fromOurs]
  return null
}

function remarkOn(before: Lines, side: Lines): Lines | null {
  const rest = withoutSquareRemark(side)
  return rest && sameLines(rest.before, before) ? rest.remark : null
}

function bothAtTheEnd(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  if (!startsWith(ours, before) || !startsWith(theirs, before)) return null
  return [...before, ...joined(theirs.slice(before.length), ours.slice(before.length))]
}

function bothAtTheStart(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  if (!endsWith(ours, before) || !endsWith(theirs, before)) return null
  return [...joined(startOf(theirs, before), startOf(ours, before)), ...before]
}

/** Theirs, then ours; what one addition already holds whole is not written twice. */
function joined(theirs: Lines, ours: Lines): Lines {
  if (holds(theirs, ours)) return theirs
  if (holds(ours, theirs)) return ours
  return [...theirs, ...ours]
}

/** Edits of different places, with an untouched line between any two of them. */
function apartFromEachOther(before: Lines, ours: Lines, theirs: Lines): Lines | null {
  const local = lineHunks(before, ours)
  const remote = lineHunks(before, theirs)
  if (local === null || remote === null) return null
  const onlyOurs = local.filter((hunk) => !remote.some((other) => sameHunk(hunk, other)))
  if (onlyOurs.some((hunk) => remote.some((other) => touches(hunk, other)))) return null
  const all = [...remote, ...onlyOurs].sort((a, b) => b.start - a.start)
  return all.reduce<Lines>((lines, hunk) => lines.toSpliced(hunk.start, hunk.removed, ...hunk.added), before)
}

/** Adjacent counts as touching: two edits of neighbouring lines often belong together. */
function touches(a: Hunk, b: Hunk): boolean {
  return a.start <= b.start + b.removed && b.start <= a.start + a.removed
}

function sameHunk(a: Hunk, b: Hunk): boolean {
  return a.start === b.start && a.removed === b.removed && sameLines(a.added, b.added)
}

type Lines = readonly NoteLine[]

function sameLines(a: Lines, b: Lines): boolean {
  return a.length === b.length && startsWith(a, b)
}
function startsWith(lines: Lines, start: Lines): boolean {
  return lines.length >= start.length && start.every((line, index) => lines[index]?.key === line.key)
}
function endsWith(lines: Lines, end: Lines): boolean {
  return lines.length >= end.length && sameLines(lines.slice(lines.length - end.length), end)
}
function startOf(lines: Lines, end: Lines): Lines {
  return lines.slice(0, lines.length - end.length)
}
function holds(larger: Lines, smaller: Lines): boolean {
  return larger.some((_, index) => startsWith(larger.slice(index), smaller))
}
