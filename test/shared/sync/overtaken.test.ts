import { describe, expect, it } from 'vitest'
import type { QuestionBody, RecordBody } from '#shared/outbox/record.ts'
import { isAboutSquare, overtakenQuestions } from '#shared/sync/overtaken.ts'
import { ann, asks, createOp, patch, queued, stateOf, updateOp } from '../../support/builders.ts'

const edit = queued(updateOp('u', 'L1', patch({ note: [null, 'x'] }), ann('1')))
const conflict: QuestionBody = { kind: 'conflict', remote: ann('2'), why: 'overlap' }
const overtaken = (
  question: QuestionBody,
  seen: Parameters<typeof overtakenQuestions>[1],
  missing: string[] = [],
) => overtakenQuestions(stateOf(edit, asks('u', question)), seen, missing)

describe('S12 questions that a pull has overtaken', () => {
  it('a newer version than is shown, never the same or an older one, or another customer', () => {
    expect(overtaken(conflict, [ann('3')])).toEqual(['u'])
    expect(overtaken(conflict, [ann('2')])).toEqual([])
    expect(overtaken(conflict, [ann('1')])).toEqual([])
    expect(overtaken(conflict, [ann('9', {}, 'SQ2')])).toEqual([])
    expect(overtaken({ kind: 'delete-changed', remote: ann('2'), why: 'changed' }, [ann('3')])).toEqual(['u'])
    expect(overtaken({ kind: 'merged-delete', remote: ann('2') }, [ann('3')])).toEqual(['u'])
  })
  it('the customer they became in a merge, of whatever version', () => {
    const merged = ann('0', {}, 'SQ2')
    const alias: RecordBody = { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: merged }
    expect(overtakenQuestions(stateOf(edit, asks('u', conflict), alias), [merged], [])).toEqual(['u'])
  })
  it('that nobody is there any more; of one who is gone that they are listed again', () => {
    expect(overtaken(conflict, [], ['SQ1'])).toEqual(['u'])
    expect(overtaken(conflict, [], ['SQ2'])).toEqual([])
    expect(overtaken({ kind: 'gone' }, [ann('1')])).toEqual(['u'])
    expect(overtaken({ kind: 'gone' }, [], ['SQ1'])).toEqual([])
  })
  it('not where nobody is asked, or about something else, or Square has nobody', () => {
    expect(overtakenQuestions(stateOf(edit), [ann('3')], ['SQ1'])).toEqual([])
    expect(overtaken({ kind: 'copied' }, [ann('3')])).toEqual([])
    expect(isAboutSquare(null)).toBe(false)
    const ofNew = queued(updateOp('u', 'L2', patch({ note: [null, 'x'] }), null))
    const waits = stateOf(queued(createOp('c', 'L2')), ofNew, asks('u', conflict))
    expect(overtakenQuestions(waits, [ann('3')], [])).toEqual([])
  })
})
