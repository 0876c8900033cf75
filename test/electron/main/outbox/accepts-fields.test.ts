import { describe, expect, it } from 'vitest'
import { acceptsFields } from '#main/outbox/accepts-fields.ts'
import { checkDrafts } from '#main/outbox/check-drafts.ts'
import { createOp, deleteOp, patch, remoteOf, stateOf, STORE, updateOp } from '../../../support/builders.ts'

const ann = remoteOf('SQ1', { givenName: 'Ann' })
const create = (fields: Parameters<typeof createOp>[2]) => createOp('c', 'L1', fields)
const update = (changes: Parameters<typeof patch>[0], held = ann) => updateOp('u', 'L1', patch(changes), held)

describe('what the form refuses, main refuses too', () => {
  it.each([
    ['a phone number of five digits', create({ givenName: 'Ann', phoneNumber: '12345' })],
    ['an e-mail without an @', create({ givenName: 'Ann', emailAddress: 'ann.example.com' })],
    ['a name too long', create({ givenName: 'x'.repeat(301) })],
    ['nobody', create({ note: 'a note alone' })],
    ['half a character', update({ note: [null, 'a\ud83d'] })],
    ['a tax id outside the EU', update({ euVat: [null, 'DE123'] })],
    ['the 30th of February', update({ birthday: [null, '1990-02-30'] })],
  ])('%s', (_name, op) => {
    expect(acceptsFields(op, 'US')).toBe(false)
  })

  it.each([
    [
      'a whole customer',
      create({ givenName: 'Ann', phoneNumber: '+1 212 555 0101', emailAddress: 'a@b.ch' }),
    ],
    ['a cleared field', update({ phoneNumber: ['212-555-0101', null] })],
    ['a tax id in the EU', update({ euVat: [null, 'DE123'] })],
  ])('but takes %s', (_name, op) => {
    expect(acceptsFields(op, 'DE')).toBe(true)
  })

  it('takes a value Square holds, whatever our rules say of it', () => {
    const odd = remoteOf('SQ1', { givenName: 'Ann', phoneNumber: '12345' })
    expect(acceptsFields(update({ phoneNumber: ['212-555-0101', '12345'] }, odd), 'US')).toBe(true)
    expect(acceptsFields(update({ phoneNumber: ['212-555-0101', '12345'] }), 'US')).toBe(false)
  })

  it('takes a deletion: it changes no field', () => {
    expect(acceptsFields(deleteOp('d', 'L1', remoteOf('SQ1', { phoneNumber: '12345' })), 'US')).toBe(true)
  })

  it('takes a customer added again with the values Square held', () => {
    const again = createOp('c', 'L1', { givenName: 'Ann', phoneNumber: '12345' }, { recreates: 'SQ1' })
    expect(acceptsFields(again, 'US')).toBe(true)
  })

  it('refuses the whole call: nothing of it is written', () => {
    const drafts = [
      { kind: 'queue', op: create({ givenName: 'Ann' }), replaces: [] },
      { kind: 'queue', op: createOp('d', 'L2', { phoneNumber: '1' }), replaces: [] },
    ] as const
    const checked = checkDrafts(stateOf(), STORE, drafts, (op) => acceptsFields(op, 'US'))
    expect(checked).toEqual({ kind: 'refused', refusal: 'invalid-fields' })
  })
})
