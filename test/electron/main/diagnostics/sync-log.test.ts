import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CUSTOMER_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import type { Draft, Question, RecordBody } from '#shared/outbox/record.ts'
import {
  ourId,
  refusalCode,
  SYNC_LOG_KEPT,
  syncLogText,
  type NoFreeText,
  type SyncLogEntry,
} from '#shared/sync-log.ts'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import { exportSyncLog } from '#main/diagnostics/export-sync-log.ts'
import { notedGateway } from '#main/diagnostics/noted-gateway.ts'
import { notedOutbox } from '#main/diagnostics/noted-outbox.ts'
import { noteStore } from '#main/diagnostics/note-store.ts'
import { createSyncLog } from '#main/diagnostics/sync-log.ts'
import type { Outbox } from '#main/outbox/outbox-port.ts'
import { createOp, deleteOp, remoteOf, STORE, updateOp } from '../../../support/builders.ts'
import { failed, fakeGateway, ok } from '../../../support/fake-gateway.ts'
import { manualClock } from '../../../support/manual-clock.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { emptyLogState } from '#shared/outbox/fold-log.ts'

/** Stands wherever a customer's text could be. */
const SECRET = 'Zenobia'
const fields = Object.fromEntries(
  CUSTOMER_FIELDS.map((field) => [field, field === 'address' ? { locality: SECRET } : SECRET]),
) as unknown as CustomerFields
const remote = remoteOf(SECRET, fields, { version: '7', groupIds: [SECRET], creationSource: SECRET })
const refusal = { code: SECRET, field: 'phoneNumber', detail: SECRET } as const

const QUESTIONS: { readonly [K in Question['kind']]: Extract<Question, { kind: K }> } = {
  conflict: { id: SECRET, kind: 'conflict', remote, why: 'overlap' },
  gone: { id: SECRET, kind: 'gone' },
  'delete-changed': { id: SECRET, kind: 'delete-changed', remote, why: 'changed' },
  'merged-delete': { id: SECRET, kind: 'merged-delete', remote },
  'create-unknown': { id: SECRET, kind: 'create-unknown', candidates: [remote] },
  'create-duplicate': { id: SECRET, kind: 'create-duplicate', candidates: [remote] },
  refused: { id: SECRET, kind: 'refused', refusal },
  copied: { id: SECRET, kind: 'copied' },
  orphan: { id: SECRET, kind: 'orphan' },
}
/** Every kind of record, full of a customer's text; one that is forgotten here is a type error. */
const recordsOf: { readonly [K in RecordBody['kind']]: readonly Extract<RecordBody, { kind: K }>[] } = {
  queued: [
    { kind: 'queued', op: createOp(SECRET, SECRET, fields), replaces: [SECRET] },
    { kind: 'queued', op: updateOp(randomUUID(), SECRET, {}, remote), replaces: [] },
    { kind: 'queued', op: deleteOp(randomUUID(), SECRET, remote), replaces: [] },
  ],
  withdrawn: [
    { kind: 'withdrawn', opIds: [SECRET], why: 'discard', reason: { code: 'other', words: SECRET } },
  ],
  sent: [
    {
      kind: 'sent',
      opId: SECRET,
      attempt: 1,
      squareId: SECRET,
      version: '1',
      body: fields,
      squareTime: null,
    },
  ],
  lifted: [{ kind: 'lifted', opId: SECRET, questionId: SECRET }],
  answered: [
    { kind: 'answered', opId: SECRET, attempt: 1, answer: { kind: 'refused', refusal } },
    {
      kind: 'answered',
      opId: SECRET,
      attempt: 1,
      answer: { kind: 'applied', remote, how: 'sent', before: fields },
    },
  ],
  asks: Object.values(QUESTIONS).map((question) => ({ kind: 'asks', opId: SECRET, question, known: fields })),
  alias: [{ kind: 'alias', fromSquareId: SECRET, toSquareId: SECRET, remote }],
  fact: [
    {
      kind: 'fact',
      id: SECRET,
      localId: SECRET,
      fact: { kind: 'consent', given: true, wording: SECRET, at: SECRET, by: SECRET },
    },
  ],
  copied: [{ kind: 'copied', opIds: [SECRET] }],
  snapshot: [
    {
      kind: 'snapshot',
      state: {
        entries: [],
        closed: [],
        aliases: [],
        bindings: [],
        moved: [],
        made: [],
        remotes: [remote],
        showEveryConflict: false,
      },
    },
  ],
}
const records: readonly RecordBody[] = Object.values(recordsOf).flat()

function outboxOf(over: Partial<Outbox>): Outbox {
  return { state: () => emptyLogState(), ...over } as Outbox
}

describe('S28 the sync log', () => {
  it('has no room for free text: its type says so', () => {
    const safe: NoFreeText<SyncLogEntry> = true
    // The same check on entries that would hold some.
    const named: NoFreeText<SyncLogEntry | { kind: 'seen'; name: string }> = false
    const nested: NoFreeText<SyncLogEntry | { kind: 'seen'; op: { name: string } }> = false
    const coded: NoFreeText<{ kind: 'seen'; code: string | null }> = false
    expect([safe, named, nested, coded]).toEqual([true, false, false, false])
  })

  it('holds nothing of a customer, whatever record is written', async () => {
    const log = createSyncLog(manualClock())
    const outbox = notedOutbox(outboxOf({ write: async () => true }), log)
    await outbox.write(records)
    expect(log.entries()).toHaveLength(records.length)
    expect(syncLogText(log.entries(), '1.0')).not.toContain(SECRET)
    expect(JSON.stringify(log.entries())).not.toContain(SECRET)
    expect(log.entries().map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['promised', 'withdrawn', 'sent', 'answered', 'asks', 'noted']),
    )
    expect(syncLogText(log.entries(), '1.0')).toContain('answer=refused')
    expect(syncLogText(log.entries(), '1.0')).toContain('code=other field=phoneNumber')
  })

  it('holds nothing of a customer, whatever is asked of Square and whatever it answers', async () => {
    const log = createSyncLog(manualClock())
    const items = new Map([[SECRET, { kind: 'ok', value: remote } as const]])
    const refused = failed({ kind: 'refused', refusal })
    const page = ok({ customers: [remote], cursor: SECRET, count: 3 })
    const gateway = fakeGateway({
      retrieve: [ok(remote)],
      create: [refused],
      update: [failed({ kind: 'forbidden', code: SECRET })],
      remove: [failed({ kind: 'signed-out', code: SECRET })],
      bulkRetrieve: [ok(items)],
      bulkCreate: [ok(items)],
      bulkUpdate: [ok(items)],
      list: [page],
      changedSince: [page],
      createdSince: [ok([remote])],
      findExact: [ok([remote])],
      seller: [ok({ merchantId: SECRET, name: SECRET, country: SECRET })],
    })
    const noted = notedGateway(gateway, log, manualClock())
    const replies = [
      await noted.retrieve(SECRET),
      await noted.create(SECRET, fields),
      await noted.update(SECRET, SECRET, fields),
      await noted.remove(SECRET, SECRET),
      await noted.bulkRetrieve([SECRET]),
      await noted.bulkCreate(new Map([[SECRET, fields]])),
      await noted.bulkUpdate(new Map([[SECRET, { version: SECRET, body: fields }]])),
      await noted.list(SECRET),
      await noted.changedSince(SECRET, SECRET),
      await noted.createdSince(SECRET, SECRET),
      await noted.findExact({ phoneE164: SECRET, emailAddress: SECRET, referenceId: SECRET }),
      await noted.seller(),
    ]
    // What is asked and what is answered passes through as it is.
    expect(gateway.calls.map(([name]) => name)).toEqual(
      log.entries().map((entry) => entry.kind === 'request' && entry.request),
    )
    expect(gateway.calls.flatMap(([, ...args]) => args).filter((arg) => arg === SECRET)).not.toHaveLength(0)
    expect(replies[0]).toEqual(ok(remote))
    expect(replies[1]).toEqual(refused)
    expect(JSON.stringify(log.entries())).not.toContain(SECRET)
    expect(log.entries().slice(0, 2)).toMatchObject([
      { request: 'retrieve', outcome: 'ok', about: 1 },
      { request: 'create', outcome: 'refused' },
    ])
    expect(log.entries()[7]).toMatchObject({ request: 'list', came: 1 })
  })

  it('says how long Square took, and why there was no answer', async () => {
    const clock = manualClock()
    const log = createSyncLog(clock)
    const gateway = fakeGateway({
      seller: () => clock.sleep(250).then(() => failed({ kind: 'unknown', reason: 'timeout' })),
    })
    const asked = notedGateway(gateway, log, clock).seller()
    await clock.pass(250)
    await asked
    expect(log.entries()).toMatchObject([{ outcome: 'unknown', reason: 'timeout', ms: 250 }])
  })

  it('writes ids only where they are ours, and codes only where they are known', () => {
    const uuid = randomUUID()
    expect(ourId(uuid)).toBe(uuid)
    expect(refusalCode('INVALID_PHONE_NUMBER')).toBe('INVALID_PHONE_NUMBER')
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(ourId(text)).toBeNull()
        expect(ourId(`${uuid}${text}x`)).toBeNull()
        expect(refusalCode(text)).toBe('other')
      }),
    )
  })

  it('keeps the newest lines, in order, and says that there were more', () => {
    const log = createSyncLog(manualClock())
    for (let attempt = 1; attempt <= SYNC_LOG_KEPT + 20; attempt++)
      log.note({ kind: 'sent', op: null, attempt })
    const kept = log.entries()
    expect(kept).toHaveLength(SYNC_LOG_KEPT)
    expect(kept[0]).toMatchObject({ n: 21, attempt: 21 })
    expect(kept.map(({ n }) => n)).toEqual(kept.map((_, i) => i + 21))
  })
})

describe('what a window promises', () => {
  const draft: Draft = { kind: 'queue', op: createOp(randomUUID(), randomUUID(), fields), replaces: [] }
  const mirror = { store: STORE, generation: 1, lastSeq: 0 }
  const batch = { generation: 1, reset: false, records: [], through: 1, lostTail: false }

  it('is noted once, also where it is saved again', async () => {
    const log = createSyncLog(manualClock())
    const state = emptyLogState()
    const outbox = notedOutbox(
      outboxOf({ state: () => state, append: async () => ({ kind: 'appended', batch }) }),
      log,
    )
    await outbox.append([draft], mirror)
    state.closed.set(draft.kind === 'queue' ? draft.op.id : '', 'done')
    await outbox.append([draft], mirror)
    expect(log.entries()).toMatchObject([{ kind: 'promised', what: 'create' }])
  })

  it('is noted as not promised where it was refused, or could not be written', async () => {
    const log = createSyncLog(manualClock())
    const answers = [
      { kind: 'refused', refusal: 'question-moved', batch },
      { kind: 'unwritable', reason: 'disk-full' },
    ] as const
    for (const answer of answers)
      await notedOutbox(outboxOf({ append: async () => answer }), log).append([draft], mirror)
    await notedOutbox(outboxOf({ write: async () => false }), log).write(records.slice(0, 2))
    expect(log.entries()).toMatchObject([
      { kind: 'not-promised', why: 'question-moved' },
      { kind: 'not-promised', why: 'disk-full' },
      { kind: 'not-written', records: 2 },
    ])
  })
})

it('a store that is open has its line and its pauses noted when they change', () => {
  const log = createSyncLog(manualClock())
  let tell: (state: SyncState) => void = () => {}
  const engine = {
    state: () => INITIAL_SYNC_STATE,
    onState: (listener: typeof tell) => void (tell = listener),
  }
  noteStore({ store: STORE, outbox: outboxOf({}), engine: engine as never }, log)
  const online: SyncState = { ...INITIAL_SYNC_STATE, connection: 'online', paused: null }
  tell(online)
  tell({ ...online, sending: ['x'] })
  tell({ ...online, paused: { kind: 'forbidden', missing: SECRET } })
  expect(log.entries()).toMatchObject([
    { kind: 'opened', environment: 'sandbox', open: 0 },
    { kind: 'line', connection: 'online' },
    { kind: 'pause', pause: null },
    { kind: 'pause', pause: 'forbidden' },
  ])
  expect(JSON.stringify(log.entries())).not.toContain(SECRET)
})

it('S24 says that nothing is sent where a store is opened in safe mode', () => {
  const log = createSyncLog(manualClock())
  const engine = {
    state: (): SyncState => ({ ...INITIAL_SYNC_STATE, paused: { kind: 'safe-mode' } }),
    onState: () => () => {},
  }
  noteStore({ store: STORE, outbox: outboxOf({}), engine: engine as never }, log)
  expect(log.entries()).toMatchObject([{ kind: 'opened' }, { kind: 'pause', pause: 'safe-mode' }])
})

it('a log that cannot be written to the chosen file says so', async () => {
  const { log, lines } = recordingLog()
  const syncLog = createSyncLog(manualClock())
  const choose = (file: string | null) =>
    exportSyncLog({
      syncLog,
      dialogs: { saveAs: async () => file },
      version: '1.0',
      wallIso: () => '2026-03-01T09:00:00Z',
      log,
    })
  expect(await choose(null)).toEqual({ kind: 'cancelled' })
  expect(await choose('/no/such/folder/file.txt')).toEqual({ kind: 'failed' })
  expect(lines).toEqual([['warn', 'sync-log.not-saved', { code: 'ENOENT' }]])
})
