import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { LogSnapshot } from '#shared/outbox/log-state.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import type { LogHeader } from '#main/outbox/log-storage.ts'

export const store: StoreId = { merchantId: 'M1', environment: 'practice' }

export function header(change: Partial<LogHeader> = {}): LogHeader {
  return { format: 1, machineId: 'pc-1', generation: 1, store, compactedThrough: 0, ...change }
}

/** A small record; every kind of text in it that a line-based file could stumble over. */
export function record(seq: number): LogRecord {
  const givenName = ['Ana', 'Björn\n', '王 "小明"', '👩‍👩‍👧\u2028'][seq % 4]!
  const patch = { givenName: { base: null, local: givenName } }
  return {
    seq,
    kind: 'queued',
    op: { kind: 'create', id: `op${seq}`, localId: `c${seq}`, store, patch },
    replaces: [],
  }
}
export function records(from: number, through: number): LogRecord[] {
  return Array.from({ length: through - from + 1 }, (_, i) => record(from + i))
}

export const remote: RemoteCustomer = {
  id: 'SQ1',
  version: '9007199254740993',
  fields: { ...EMPTY_FIELDS, givenName: 'Ana', address: { locality: 'York' } },
  groupIds: ['G1'],
  creationSource: 'THIRD_PARTY',
  createdAt: '2026-01-05T09:26:23.017Z',
  updatedAt: '2026-01-05T09:26:23Z',
}

const patch = {
  givenName: { base: 'Ana', local: null },
  address: { base: null, local: { locality: 'York' } },
}
const basis = {
  squareId: 'SQ1',
  version: '0',
  fields: remote.fields,
  groupIds: [],
  creationSource: 'DIRECTORY',
}
const refusal = { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null } as const
const attempt = { squareId: 'SQ1', version: '3', body: { givenName: null }, squareTime: null, answer: null }

export const emptySnapshot: LogSnapshot = {
  entries: [],
  closed: [],
  aliases: [],
  bindings: [],
  moved: [],
  made: [],
  remotes: [],
  showEveryConflict: false,
}

/** At least one record of each kind and of each kind within. */
export const everyKind: readonly RecordBody[] = [
  {
    kind: 'queued',
    op: { kind: 'create', id: 'o', localId: 'c', store, patch, recreates: 'SQ0' },
    replaces: ['p'],
  },
  {
    kind: 'queued',
    op: {
      kind: 'create',
      id: 'o',
      localId: 'c',
      store,
      patch,
      insteadOf: [{ since: 1, sent: { givenName: 'Ann' }, shown: ['SQ0'] }],
    },
    replaces: ['p'],
  },
  {
    kind: 'queued',
    op: {
      kind: 'create',
      id: 'o',
      localId: 'c',
      store,
      patch,
      apartFrom: [{ shown: ['SQ0'], typed: { phoneNumber: '212-555-0101', emailAddress: null } }],
    },
    replaces: ['p'],
  },
  {
    kind: 'queued',
    op: { kind: 'update', id: 'o', localId: 'c', store, patch, squareId: null, basis: null },
    replaces: [],
  },
  {
    kind: 'queued',
    op: {
      kind: 'update',
      id: 'o',
      localId: 'c',
      store,
      patch,
      squareId: 'SQ1',
      basis,
      by: 'Jo',
      at: '2026-01-05T09:00:00Z',
    },
    replaces: [],
  },
  {
    kind: 'queued',
    op: {
      kind: 'delete',
      id: 'o',
      localId: 'c',
      store,
      squareId: 'SQ1',
      basis,
      seen: { fields: remote.fields },
    },
    replaces: [],
  },
  { kind: 'withdrawn', opIds: ['o'], why: 'undo' },
  { kind: 'withdrawn', opIds: ['o'], why: 'discard', reason: { code: 'other', words: null } },
  { kind: 'withdrawn', opIds: ['o'], why: 'discard', reason: { code: 'mistake', words: 'twice' } },
  { kind: 'sent', opId: 'o', attempt: 3, squareId: null, version: null, body: {}, squareTime: 1, bulk: true },
  {
    kind: 'sent',
    opId: 'o',
    attempt: 1,
    squareId: null,
    version: null,
    body: remote.fields,
    squareTime: 1_767_605_183_000,
  },
  {
    kind: 'sent',
    opId: 'o',
    attempt: 2,
    squareId: 'SQ1',
    version: '12',
    body: { note: null },
    squareTime: null,
  },
  {
    kind: 'answered',
    opId: 'o',
    attempt: 1,
    answer: { kind: 'applied', remote, how: 'sent', combined: ['note'], before: remote.fields },
  },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'applied', remote: null, how: 'equal' } },
  { kind: 'answered', opId: 'o', attempt: 0, answer: { kind: 'gone' } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'conflict' } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'not-found' } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'reused' } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'refused', refusal } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'not-sent' } },
  { kind: 'answered', opId: 'o', attempt: 1, answer: { kind: 'not-applied', reason: 'signed-out' } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'conflict', remote, why: 'overlap' } },
  {
    kind: 'asks',
    opId: 'o',
    question: { id: 'q', kind: 'conflict', remote, why: 'overlap' },
    known: remote.fields,
  },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'gone' } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'delete-changed', remote, why: 'changed' } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'merged-delete', remote } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'create-unknown', candidates: [remote] } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'create-duplicate', candidates: [] } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'refused', refusal } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'copied' } },
  { kind: 'asks', opId: 'o', question: { id: 'q', kind: 'orphan' } },
  { kind: 'lifted', opId: 'o', questionId: 'q' },
  { kind: 'alias', fromSquareId: 'SQ0', toSquareId: 'SQ1', remote },
  {
    kind: 'fact',
    id: 'f',
    localId: 'c',
    fact: { kind: 'consent', given: true, wording: 'x', at: '2026-01-05' },
  },
  { kind: 'fact', id: 'f', localId: 'c', fact: { kind: 'not-a-duplicate', opId: 'o' } },
  { kind: 'fact', id: 'f', localId: '', fact: { kind: 'show-every-conflict', on: true } },
  { kind: 'copied' },
  { kind: 'copied', opIds: ['o'] },
  {
    kind: 'snapshot',
    state: {
      ...emptySnapshot,
      entries: [
        {
          op: { kind: 'update', id: 'o', localId: 'c', store, patch, squareId: 'SQ1', basis },
          attempts: [
            [1, attempt],
            [2, { ...attempt, answer: 'conflict' }],
            [3, { ...attempt, bulk: true }],
          ],
          question: { id: 'q', kind: 'gone' },
          known: remote.fields,
          copied: false,
          conflicts: 1,
          createSeparately: false,
        },
        {
          op: { kind: 'create', id: 'n', localId: 'n', store, patch },
          attempts: [],
          question: null,
          copied: false,
          conflicts: 0,
          createSeparately: true,
          shownApart: ['SQ0'],
        },
      ],
      closed: [['p', 'done']],
      aliases: [['SQ0', 'SQ1']],
      bindings: [
        ['c', null],
        ['d', 'SQ1'],
      ],
      moved: [['e', 'd']],
      made: [['SQ1', 'd']],
      remotes: [remote],
    },
  },
]
