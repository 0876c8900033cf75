import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readUnsentFile, unsentFile } from '#main/outbox/unsent-file.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import {
  ann,
  applied,
  createOp,
  deleteOp,
  patch,
  queued,
  sent,
  stateOf,
  STORE,
  updateOp,
} from '../../../support/builders.ts'

const [CREATE, EDIT, BEHIND, REMOVE, L1, L2, L3] = Array.from({ length: 7 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
]
const create = createOp(CREATE, L1)
const edit = updateOp(EDIT, L2, patch({ note: [null, 'x "\n王'] }), ann())
const remove = deleteOp(REMOVE, L2, ann())

function written(...records: Parameters<typeof stateOf>): string {
  const file = unsentFile(stateOf(...records), STORE, '2026-03-01T09:00:00Z')
  if (!file) throw new Error('nothing to write')
  return file.text
}
/** The file with something changed in it, its checksum as it was. */
function changed(
  text: string,
  change: (file: { operations: { op: Operation }[] } & Record<string, unknown>) => void,
) {
  const file = JSON.parse(text) as { operations: { op: Operation }[] } & Record<string, unknown>
  change(file)
  return JSON.stringify(file)
}

describe('the file of unsent work', () => {
  it('holds what is open, in order, and comes back as it was', () => {
    const text = written(
      queued(create),
      queued(edit),
      sent(EDIT),
      queued(remove),
      queued(createOp('done', L3)),
      applied('done', ann('2')),
    )
    expect(readUnsentFile(text, STORE)).toEqual({ kind: 'read', operations: [create, edit, remove] })
    const { operations } = JSON.parse(text) as { operations: { sent: boolean }[] }
    expect(operations.map((one) => one.sent)).toEqual([false, true, false])
  })

  it('is none where nothing is open', () => {
    expect(unsentFile(stateOf(queued(createOp('c', L1)), applied('c', ann())), STORE, 'now')).toBeNull()
  })

  it('takes along what only this log knows: which customer of Square a local id stands for', () => {
    const behind = updateOp(BEHIND, L1, patch({ note: [null, 'x'] }), null)
    const text = written(queued(create), queued(behind), applied(CREATE, ann()))
    const read = readUnsentFile(text, STORE)
    expect(read.kind === 'read' && read.operations).toEqual([{ ...behind, squareId: 'SQ1' }])
  })

  it('survives an editor that lays it out anew', () => {
    const text = JSON.stringify(JSON.parse(written(queued(create))), null, 8)
    for (const saved of [text, `\uFEFF${text}`, text.replaceAll('\n', '\r\n')])
      expect(readUnsentFile(saved, STORE).kind).toBe('read')
  })
})

describe('a file that is refused', () => {
  const text = written(queued(create), queued(edit))
  const refusal = (given: string, store = STORE) => {
    const read = readUnsentFile(given, store)
    return read.kind === 'refused' ? read.reason : 'read'
  }

  it.each([
    ['no JSON', 'hello'],
    ['another program’s', '{"file":"other","format":1}'],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['empty', ''],
  ])('not-ours: %s', (_, given) => expect(refusal(given)).toBe('not-ours'))

  it('S16 wrong-store: of another seller or environment, the file or anything in it', () => {
    expect(refusal(text, { ...STORE, merchantId: 'M9' })).toBe('wrong-store')
    expect(refusal(text, { ...STORE, environment: 'production' })).toBe('wrong-store')
    const mixed = { ...edit, store: { ...STORE, merchantId: 'M9' } }
    expect(refusal(written(queued(create), queued(mixed)))).toBe('wrong-store')
  })

  it('newer', () => expect(refusal(changed(text, (file) => (file.format = 2)))).toBe('newer'))

  it('damaged: cut at any byte', () => {
    for (let length = 60; length < text.length - 1; length += 7)
      expect(refusal(text.slice(0, length)), String(length)).toBe('damaged')
  })

  it('damaged: a value changed, a member too many or missing, an operation of another shape', () => {
    expect(refusal(text.replace('王', '黄'))).toBe('damaged')
    expect(refusal(changed(text, (file) => (file.more = 1)))).toBe('damaged')
    expect(refusal(changed(text, (file) => delete file.checksum))).toBe('damaged')
    expect(refusal(changed(text, (file) => (file.operations[0]!.op = {} as never)))).toBe('damaged')
    expect(refusal(changed(text, (file) => file.operations.reverse()))).toBe('damaged')
    expect(
      refusal(changed(text, (file) => Object.assign(file.operations[0]!.op, { __proto__: 1, id: 'x' }))),
    ).toBe('damaged')
  })

  it('every byte flipped: refused, or read as it was', () => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 11) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 << (at % 7)
      const read = readUnsentFile(flipped.toString('utf8'), STORE)
      if (read.kind === 'read') expect(read.operations, String(at)).toEqual([create, edit])
    }
  })
})
