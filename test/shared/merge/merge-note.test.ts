import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOTE_LIMIT } from '#shared/customer/limits.ts'
import { keepBothNotes, mergeNote } from '#shared/merge/merge-note.ts'
import { anyNote } from '../../support/arbitraries.ts'

const remark = 'Merged on 12 Mar 2026. Following fields were not transferred: phone number'

describe('put together', () => {
  test.each([
    ['both added a line', 'a', 'a\nours', 'a\ntheirs', 'a\ntheirs\nours'],
    ['both wrote the first lines', null, 'ours', 'theirs', 'theirs\nours'],
    ['both added the same line', 'a', 'a\nb\n', 'a\r\nb', 'a\nb'],
    ['theirs holds ours and more', 'a', 'a\nb', 'a\nb\nc', 'a\nb\nc'],
    ['ours holds theirs and more', 'a', 'a\nb\nc', 'a\nb', 'a\nb\nc'],
    ['both added a line above', 'a', 'ours\na', 'theirs\na', 'theirs\nours\na'],
    ['one above, one below', 'a', 'ours\na', 'a\ntheirs', 'ours\na\ntheirs'],
    ['edits with a line between them', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC'],
    ['the same edit, and one elsewhere', 'a\nb\nc', 'A\nb\nc', 'A\nb\nC', 'A\nb\nC'],
    ['one removed a line, one added at the end', 'a\nb\nc', 'a\nc', 'a\nb\nc\nd', 'a\nc\nd'],
  ])('%s', (_, base, local, remote, result) => {
    expect(mergeNote(base, local, remote)).toBe(result)
  })

  test.each([
    ['below an untouched note', 'a', 'a\nours', `a\n${remark}`, `a\nours\n${remark}`],
    ['without a line break before it', 'a', 'a\nours', `a ${remark}`, `a\nours\n${remark}`],
    ['while we edit the last line', 'a', 'a, b', `a ${remark}`, `a, b\n${remark}`],
    ['in a note that was empty', null, 'ours', ` ${remark}`, `ours\n ${remark}`],
  ])("Square's merge remark %s", (_, base, local, remote, result) => {
    expect(mergeNote(base, local, remote)).toBe(result)
  })

  test('a remark that both sides have is written once', () => {
    expect(mergeNote('a', `b\n${remark}`, `a ${remark}`)).toBe(`b\n${remark}`)
    expect(mergeNote('a', `a ${remark}`, `b\n${remark}`)).toBe(`b\n${remark}`)
  })

  test('what goes out with the remark is no question once it has come back', () => {
    expect(mergeNote('a', 'a, b', `a, b\n${remark}`)).toBe(`a, b\n${remark}`)
    expect(mergeNote('a', `a, b\n${remark}`, 'a, b')).toBe(`a, b\n${remark}`)
  })

  test('a remark that only our copy has goes below what they wrote', () => {
    expect(mergeNote('a', `a ${remark}`, 'a, b')).toBe(`a, b\n${remark}`)
  })
})

describe('asked', () => {
  test.each([
    ['both went on in the same line', 'size 4', 'size 42', 'size 4 wide'],
    ['both edited the same line', 'a\nb\nc', 'a\nB\nc', 'a\nX\nc'],
    ['edits of neighbouring lines', 'a\nb', 'A\nb', 'a\nB'],
    ['we removed what they edited', 'a\nb\nc', 'a\nc', 'a\nB\nc'],
    ['a line at the edit occurs twice', 'x\na\nx\nb\nc', 'x\na\nb\nc', 'x\na\nx\nb\nC'],
    ['we took a line out, they put the same one in elsewhere', 'a\nb  ', 'a\n', 'b\na\nb'],
    ['they took a line out, we put the same one in elsewhere', 'a\nb  ', 'b\na\nb', 'a\n'],
    ['we cleared it', 'a', null, 'a\nb'],
    ['they cleared it', 'a', 'a\nb', null],
    ['they cleared it with blanks', 'a', 'a\nb', ' \n '],
    [
      'the result would be longer than a note may be',
      'a',
      `a\n${'b'.repeat(NOTE_LIMIT - 10)}`,
      `a\n${'c'.repeat(20)}`,
    ],
  ])('%s', (_, base, local, remote) => {
    expect(mergeNote(base, local, remote)).toBeNull()
  })

  test('notes of very many lines are not compared line by line, and take no time', () => {
    const lines = Array.from({ length: 20_000 }, () => 'x')
    expect(
      mergeNote(lines.join('\n'), ['A', ...lines.slice(1)].join('\n'), [...lines.slice(1), 'C'].join('\n')),
    ).toBeNull()
    const added = mergeNote(lines.join('\n'), [...lines, 'ours'].join('\n'), [...lines, 'theirs'].join('\n'))
    expect(added).toBe([...lines, 'theirs', 'ours'].join('\n'))
  })
})

test('merging is a question or the same lines, whoever is called remote', () => {
  const sorted = (note: string | null) =>
    note
      ?.split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .sort()
  fc.assert(
    fc.property(fc.option(anyNote, { nil: null }), anyNote, anyNote, (base, a, b) => {
      expect(sorted(mergeNote(base, a, b))).toEqual(sorted(mergeNote(base, b, a)))
    }),
    { numRuns: 1_000 },
  )
})

test('"keep both" puts our lines below Square\'s, each once', () => {
  expect(keepBothNotes('a\nsize 42', 'a\nsize 4 wide')).toBe('a\nsize 4 wide\nsize 42')
  expect(keepBothNotes('a', 'a')).toBe('a')
  expect(keepBothNotes(null, 'a')).toBe('a')
  expect(keepBothNotes('a', null)).toBe('a')
  expect(keepBothNotes(null, null)).toBeNull()
})
