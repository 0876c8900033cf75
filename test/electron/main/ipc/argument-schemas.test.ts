import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import { INVOKE_CHANNELS, type InvokeChannel } from '#shared/ipc/contract.ts'
import { ARGUMENT_SCHEMAS } from '#main/ipc/argument-schemas.ts'

const ID = '0d9e1f5a-3c1b-4a55-8b0e-6a7c2f9d1e21'
const OTHER = '7f0d9e1a-5b0d-4b5e-9c55-1a2b3c4d5e6f'
const store = { merchantId: 'MERCHANT1', environment: 'sandbox' }
const mirror = { store, generation: 1, lastSeq: 12 }
const fields = { ...EMPTY_FIELDS, givenName: 'Ada', address: { locality: 'London' } }
const remote: RemoteCustomer = {
  id: 'JDKYHBWT1D4F8MFH63DBMEN8Y4',
  version: '18446744073709551616',
  fields,
  groupIds: ['GROUP1'],
  creationSource: 'THIRD_PARTY',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
}
const { createdAt: _c, updatedAt: _u, id: _i, ...rest } = remote
const basis = { squareId: remote.id, ...rest }
const everyOp = { id: ID, localId: OTHER, store }
const patch = {
  phoneNumber: { base: '+14155550100', local: null },
  address: { base: null, local: { country: 'DE' } },
}
const create = { ...everyOp, kind: 'create', patch, at: '2026-01-01T00:00:00Z' }
const insteadOf = [{ since: 5, sent: { givenName: 'Ann' }, shown: [remote.id] }]
const apartFrom = [
  { shown: [remote.id], typed: { phoneNumber: '+14155550100', emailAddress: null } },
  { shown: [], typed: {} },
]
const update = { ...everyOp, kind: 'update', patch, squareId: remote.id, basis }
const remove = { ...everyOp, kind: 'delete', squareId: null, basis: null, seen: { fields } }
const answering = { opId: ID, questionId: 'q1', shown: [ID] }
const append = (...drafts: unknown[]) => ({ drafts, mirror })
const snapshot = {
  entries: [
    {
      op: update,
      attempts: [
        [1, { squareId: remote.id, version: '3', body: { note: null }, squareTime: 5, answer: null }],
      ],
      question: { kind: 'conflict', id: 'q1', remote, why: 'overlap' },
      known: fields,
      copied: false,
      conflicts: 0,
      createSeparately: false,
    },
    { op: create, attempts: [], question: null, copied: true, conflicts: 2, createSeparately: false },
    {
      op: { ...create, apartFrom },
      attempts: [],
      question: null,
      copied: false,
      conflicts: 0,
      createSeparately: true,
      shownApart: [remote.id],
    },
  ],
  closed: [[ID, 'done']],
  aliases: [['A', 'B']],
  bindings: [[OTHER, null]],
  moved: [[OTHER, ID]],
  made: [['A', OTHER]],
  remotes: [remote],
  showEveryConflict: false,
}

/** Requests the renderer really makes, at least one per channel. */
const FITTING: { readonly [C in InvokeChannel]: readonly unknown[] } = {
  'outbox:append': [
    append(),
    append({ kind: 'queue', op: create, replaces: [] }),
    append({ kind: 'queue', op: { ...create, insteadOf }, replaces: [] }),
    append({ kind: 'queue', op: { ...create, apartFrom }, replaces: [] }),
    append({ kind: 'queue', op: update, replaces: [OTHER], answering }),
    append({ kind: 'queue', op: remove, replaces: [] }),
    append({ kind: 'withdraw', opIds: [ID], why: 'undo' }),
    append({ kind: 'withdraw', opIds: [ID], why: 'discard', reason: { code: 'other', words: 'closed' } }),
    append({ kind: 'withdraw', opIds: [ID], why: 'discard', reason: { code: 'mistake', words: null } }),
    append({ kind: 'adopt', opId: ID, localId: OTHER, candidate: remote, answering }),
    append({ kind: 'create-separately', opId: ID, answering }),
    append({
      kind: 'fact',
      id: ID,
      localId: OTHER,
      fact: { kind: 'consent', given: true, wording: 'w', at: 'now' },
    }),
    append({ kind: 'fact', id: ID, localId: OTHER, fact: { kind: 'show-every-conflict', on: true } }),
  ],
  'outbox:since': [mirror, { ...mirror, partial: true }],
  'storage:state': [null],
  'storage:export': [null],
  'storage:import': [null],
  'storage:directory': [{ opened: true }],
  'app:restart': [null],
  'outbox:restore': [{ mirror, state: snapshot }],
  'directory:pull': [
    { kind: 'list', cursor: null },
    { kind: 'delta', since: '2026-01-01T00:00:00Z', cursor: 'abc' },
    { kind: 'ids', squareIds: ['A', 'B'] },
  ],
  'directory:vouch': [{ store, since: '2026-01-01T00:00:00.000Z', opIds: [ID] }],
  'session:state': [null],
  'session:connect': [{ kind: 'practice' }, { kind: 'token', environment: 'production', token: 'EAAA' }],
  'session:disconnect': [null],
  'sync:state': [null],
  'sync:now': [null],
  'sync:log': [null],
  'sync:log-export': [null],
  'app:info': [null],
  'app:fault': [{ where: 'book.project', name: 'DataCloneError', at: 'index-Ab1.js:12:345' }],
  'practice:command': [
    { kind: 'state' },
    { kind: 'line', up: false },
    { kind: 'lose-next-answer' },
    { kind: 'colleague-edits', squareId: 'A', field: 'note' },
    { kind: 'colleague-deletes', squareId: 'A' },
  ],
}

const fits = (channel: InvokeChannel, request: unknown): boolean => {
  try {
    ARGUMENT_SCHEMAS[channel].validateSync(request, { strict: true })
    return true
  } catch {
    return false
  }
}

/** Every request that differs from this one by a key too many, a key too few, or another type, anywhere in it. */
function* broken(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) for (const part of broken(item)) yield value.with(i, part)
    yield { length: value.length }
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, surprise: 1 }
    yield [value]
    for (const [key, item] of Object.entries(value))
      for (const part of broken(item)) yield { ...value, [key]: part }
  } else if (typeof value === 'string') yield 12
  else if (value !== null) yield 'text' // null: most may hold a text as well
}

describe('argument schemas', () => {
  it('has one for every channel', () => {
    expect(Object.keys(ARGUMENT_SCHEMAS).sort()).toEqual([...INVOKE_CHANNELS].sort())
  })

  it.each(INVOKE_CHANNELS)('%s: lets through what the renderer sends', (channel) => {
    for (const request of FITTING[channel]) {
      expect(ARGUMENT_SCHEMAS[channel].validateSync(request, { strict: true })).toEqual(request)
    }
  })

  it.each(INVOKE_CHANNELS)('%s: refuses unknown keys and other types at any depth', (channel) => {
    for (const request of FITTING[channel]) {
      for (const wrong of broken(request)) {
        expect([fits(channel, wrong), wrong]).toEqual([false, wrong])
      }
    }
  })

  it.each([
    ['an operation id that is no UUID', append({ kind: 'withdraw', opIds: ['1'], why: 'undo' })],
    [
      'a field we do not know',
      append({ kind: 'queue', op: { ...create, patch: { taxIds: patch.phoneNumber } }, replaces: [] }),
    ],
    [
      'a change without its base',
      append({ kind: 'queue', op: { ...create, patch: { note: { local: 'x' } } }, replaces: [] }),
    ],
    [
      "a text of a book's size",
      append({
        kind: 'queue',
        op: { ...create, patch: { note: { base: null, local: 'x'.repeat(10_000_001) } } },
        replaces: [],
      }),
    ],
    ['an answer to no question', append({ kind: 'adopt', opId: ID, localId: OTHER, candidate: remote })],
    ['an unknown kind', append({ kind: 'constructor' })],
    [
      'a reason that is not on the list',
      append({ kind: 'withdraw', opIds: [ID], why: 'discard', reason: { code: 'bored', words: null } }),
    ],
    [
      'a reason as long as a book',
      append({
        kind: 'withdraw',
        opIds: [ID],
        why: 'discard',
        reason: { code: 'other', words: 'x'.repeat(201) },
      }),
    ],
    [
      'a version that is no number',
      append({ kind: 'queue', op: { ...update, basis: { ...basis, version: '-1' } }, replaces: [] }),
    ],
    [
      'a merchant id that is a path',
      { ...append(), mirror: { ...mirror, store: { ...store, merchantId: '../OTHER' } } },
    ],
  ])('outbox:append refuses %s', (_name, request) => {
    expect(fits('outbox:append', request)).toBe(false)
  })

  it('directory:pull refuses more than 100 ids at once', () => {
    const squareIds = Array.from({ length: 101 }, (_, i) => `C${i}`)
    expect(fits('directory:pull', { kind: 'ids', squareIds: squareIds.slice(1) })).toBe(true)
    expect(fits('directory:pull', { kind: 'ids', squareIds })).toBe(false)
  })

  it('lets no random value through (apart from the plain null of the channels that take nothing)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INVOKE_CHANNELS), fc.anything(), (channel, value) => {
        expect(fits(channel, value)).toBe(value === null && FITTING[channel][0] === null)
      }),
    )
  })
})
