import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import { foldLog, laneOf, openEntries } from '#shared/outbox/fold-log.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { projectFields } from '#shared/customer/patch.ts'
import { patchesOf } from '#shared/directory/view.ts'
import type { Directory } from '#renderer/db/database.ts'
import { remoteOf } from '../../support/customers.ts'
import { TEST_STORE } from '../../support/fake-bridge.ts'
import { handFedMirror } from './hand-fed-mirror.ts'

/**
 * Logs of three customers with every kind of record, in any order: more than an engine would ever write. Pages of a
 * pull come in between, at the same place of the log for every mirror.
 */
type Step =
  | { readonly kind: 'record'; readonly body: RecordBody }
  | { readonly kind: 'page'; readonly remotes: RemoteCustomer[] }

const LOCAL_IDS = ['c1', 'c2', 'c3'] as const
const SQUARE_IDS = ['SQ1', 'SQ2', 'SQ3', 'SQ-merged', 'SQ-merged-again'] as const
const squareId = fc.constantFrom(...SQUARE_IDS)
const text = fc.constantFrom(null, 'a', 'b', 'c')
const remote = fc
  .tuple(squareId, fc.integer({ min: 0, max: 12 }), text, fc.constantFrom('DIRECTORY', 'THIRD_PARTY'))
  .map(([id, version, note, creationSource]) =>
    remoteOf(id, { givenName: id, note }, { version: String(version), creationSource }),
  )
const opNumber = fc.integer({ min: 0, max: 9 })
const change = fc.record({ base: text, local: text })

/** Customer i is known to Square as SQi. A creation is of a customer of its own, or takes the place of one that is gone. */
const operation: fc.Arbitrary<Operation> = fc
  .record({
    n: opNumber,
    who: fc.nat(2),
    change,
    kind: fc.constantFrom('create', 'recreate', 'update', 'update', 'delete'),
    isKnown: fc.boolean(),
  })
  .map(({ n, who, change: note, kind, isKnown }) => {
    const common = { id: `op${n}`, localId: LOCAL_IDS[who]!, store: TEST_STORE }
    const patch = { note: { base: null, local: note.local } }
    const squareId = isKnown ? SQUARE_IDS[who]! : null
    if (kind === 'create') return { ...common, kind, localId: `new-${n}`, patch } as const
    if (kind === 'recreate') return { ...common, kind: 'create', patch, recreates: SQUARE_IDS[who]! } as const
    if (kind === 'update') return { ...common, kind, patch: { note }, squareId, basis: null } as const
    return {
      ...common,
      kind: 'delete',
      squareId,
      basis: null,
      seen: { fields: remoteOf('x', {}).fields },
    } as const
  })

const opId = opNumber.map((n) => `op${n}`)
const body: fc.Arbitrary<RecordBody> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('queued' as const),
      op: operation,
      replaces: fc.uniqueArray(opId, { maxLength: 2 }),
    }),
  },
  fc.record({
    kind: fc.constant('withdrawn' as const),
    opIds: fc.uniqueArray(opId, { minLength: 1, maxLength: 2 }),
    why: fc.constantFrom('undo' as const, 'accept-deletion' as const, 'keep-square' as const),
  }),
  fc.record({
    kind: fc.constant('sent' as const),
    opId,
    attempt: fc.integer({ min: 1, max: 2 }),
    squareId: fc.option(squareId),
    version: fc.constant('1'),
    body: fc.constant({}),
    squareTime: fc.constantFrom(null, Date.parse('2026-03-01T09:00:00.000Z')),
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answered' as const),
      opId,
      attempt: fc.integer({ min: 0, max: 2 }),
      answer: fc.oneof(
        fc.record({
          kind: fc.constant('applied' as const),
          remote: fc.option(remote),
          how: fc.constant('sent' as const),
        }),
        fc.constantFrom(
          { kind: 'gone' as const },
          { kind: 'conflict' as const },
          { kind: 'not-sent' as const },
        ),
      ),
    }),
  },
  fc.record({
    kind: fc.constant('asks' as const),
    opId,
    question: fc.oneof(
      fc.record({
        id: fc.uuid(),
        kind: fc.constant('conflict' as const),
        remote,
        why: fc.constant('overlap' as const),
      }),
      fc.record({ id: fc.uuid(), kind: fc.constant('gone' as const) }),
    ),
  }),
  fc
    // A merge makes a new id; that may be merged again.
    .tuple(fc.nat(4), fc.constantFrom(3, 4), remote)
    .filter(([from, to]) => from < to)
    .map(([from, to, { fields }]) => {
      const toSquareId = SQUARE_IDS[to]
      const merged = { ...remoteOf(toSquareId, fields), creationSource: 'MERGE' }
      return { kind: 'alias' as const, fromSquareId: SQUARE_IDS[from]!, toSquareId, remote: merged }
    }),
  fc.constant({ kind: 'copied' as const }),
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: body.map((of): Step => ({ kind: 'record', body: of })) },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(remote, { selector: ({ id }) => id })
        .map((remotes): Step => ({ kind: 'page', remotes })),
    },
  ),
  { minLength: 1, maxLength: 30 },
)

async function runThrough(all: readonly Step[], batchEnds: (at: number) => boolean, restartAt?: number) {
  const one = await handFedMirror()
  let seq = 0
  let waiting: LogRecord[] = []
  for (const [at, step] of all.entries()) {
    if (step.kind === 'record') waiting.push({ ...step.body, seq: ++seq })
    if (waiting.length > 0 && (step.kind === 'page' || batchEnds(at))) {
      await one.apply(waiting)
      waiting = []
    }
    if (step.kind === 'page') await one.pull(step.remotes)
    if (at === restartAt) one.restart()
  }
  if (waiting.length > 0) await one.apply(waiting)
  return one
}

async function contents(db: Directory) {
  const tables = ['customers', 'redirects', 'meta', 'history', 'facts'] as const
  const rows = await Promise.all(tables.map((table) => db[table].toArray()))
  const outbox = (await db.outbox.toArray()).toSorted((a, b) => a.order - b.order).map(({ entry }) => entry)
  // Contents of customers are kept while something of them is open; when exactly they are forgotten means nothing.
  const logState = (await db.logState.toArray())
    .filter(({ map }) => map !== 'remotes')
    .map(({ map, id, value }) => ({ map, id, value }))
  return { ...Object.fromEntries(tables.map((table, i) => [table, rows[i]])), outbox, logState }
}
function recordsOf(all: readonly Step[]): LogRecord[] {
  return all
    .flatMap((step) => (step.kind === 'record' ? [step.body] : []))
    .map((of, i) => ({ ...of, seq: i + 1 }))
}

const RUNS = { numRuns: 25 }
const TIMEOUT_MS = 60_000

it(
  'any prefix and then the rest is the same as all at once, also over a restart',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        fc.nat(29),
        async (all, ends, restartAt) => {
          const atOnce = await runThrough(all, () => false)
          const inPieces = await runThrough(all, (at) => ends[at]!, restartAt)
          expect(await contents(inPieces.db)).toEqual(await contents(atOnce.db))
        },
      ),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

it(
  'a batch that comes twice changes nothing the second time',
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const one = await runThrough(all, () => true)
        const before = await contents(one.db)
        const records = recordsOf(all)
        const news: LogRecord = {
          kind: 'withdrawn',
          opIds: ['unknown'],
          why: 'undo',
          seq: records.length + 1,
        }
        await one.apply([...records, news])
        const position = { key: 'position' as const, generation: 1, lastSeq: news.seq }
        const after = await contents(one.db)
        expect(await one.db.meta.get('position')).toMatchObject(position)
        expect({ ...after, meta: null }).toEqual({ ...before, meta: null })
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

it(
  'the mirror on disk is the fold of the log, and each open operation shows on one row (S2)',
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { db } = await runThrough(all, (at) => at % 3 === 0)
        const state = foldLog(recordsOf(all))
        const { entries, aliases, bindings, moved, made } = toSnapshot(state)
        const stored = (await db.outbox.toArray()).toSorted((a, b) => a.order - b.order)
        expect(stored.map(({ entry }) => entry)).toEqual(entries)
        for (const [map, held] of Object.entries({ aliases, bindings, moved, made })) {
          const values = (await db.logState.toArray())
            .filter((of) => of.map === map)
            .map(({ id, value }) => [id, value])
          expect(new Map(values as [string, unknown][])).toEqual(new Map<string, unknown>(held))
        }
        const rows = await db.customers.toArray()
        const squareIds = rows.flatMap((row) => row.squareId ?? [])
        expect(new Set(squareIds).size).toBe(squareIds.length)
        for (const { op } of state.entries.values()) {
          const lane = laneOf(state, op.localId)
          const shown = rows.filter(
            (row) => (row.squareId ? `square:${row.squareId}` : laneOf(state, row.localId)) === lane,
          )
          expect(shown).toHaveLength(1)
          const open = openEntries(state, lane)
          expect(shown[0]).toMatchObject({
            openOps: open.length,
            local: projectFields(shown[0]!.remote?.fields ?? null, patchesOf(open)),
          })
        }
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)

it(
  'a mirror that begins anew from the log believes the same as one that never lost anything',
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const kept = await runThrough(all, () => true)
        const wiped = await handFedMirror()
        const records = recordsOf(all)
        await wiped.apply(records, { reset: true, through: records.length })
        await kept.apply(records, { reset: true, generation: 2, through: records.length })
        const believed = async (db: Directory) => {
          const { outbox, logState } = await contents(db)
          return { outbox, logState: logState.filter(({ map }) => map !== 'remotes') }
        }
        expect(await believed(wiped.db)).toEqual(await believed(kept.db))
        // The rows of everything that is open are there, and show what was promised.
        const open = (await wiped.db.customers.toArray()).filter((row) => row.openOps > 0)
        const openKept = (await kept.db.customers.toArray()).filter((row) => row.openOps > 0)
        const shape = (rows: typeof open) =>
          rows.map((row) => [row.squareId, row.openOps, row.hidden && !row.deleted]).sort()
        expect(shape(open).map(([id, n]) => [id, n])).toEqual(shape(openKept).map(([id, n]) => [id, n]))
      }),
      RUNS,
    )
  },
  TIMEOUT_MS,
)
