import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PracticeModel } from '#practice/model.ts'
import type { WirePage } from '#practice/query.ts'
import type { WireCustomer } from '#practice/wire.ts'
import { naiveSearch, type PlainSearch } from './naive-search.ts'
import { must, practice, T0 } from './practice-fixture.ts'

const NAMES = ['Ann', 'ann', 'Anna', 'Bo', 'Åse', 'Lee', '']
const EMAILS = ['ann@example.com', 'Ann.Lee@Example.com', 'bo_lee@mail.example.org', 'lee@ann.example']
const PHONES = [
  '206-555-0100',
  '(206) 555-0100',
  '+1 206 555 0100',
  '1-206-555-0100',
  '+442079460100',
  '2065550199',
  '011 44 20 7946 0100',
  '555550100',
]
const REFERENCES = ['NYC_M_35', 'nyc-27', 'LA 35', 'AB-1', 'ab-1']
const GROUPS = ['G1', 'G2', 'G3']

const text = (from: readonly string[]) => fc.constantFrom(...from)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const second = fc.integer({ min: 0, max: 40 })

type Step =
  | { kind: 'create'; fields: Record<string, string | undefined>; source: 'THIRD_PARTY' | 'INSTANT_PROFILE' }
  | { kind: 'update'; at: number; fields: Record<string, string | null | undefined> }
  | { kind: 'remove'; at: number }
  | { kind: 'merge'; at: number; other: number }
  | { kind: 'group'; at: number; group: string; member: boolean }
  | { kind: 'search'; search: PlainSearch; limit: number }

const fields = {
  given_name: maybe(text(NAMES)),
  family_name: maybe(text(NAMES)),
  company_name: maybe(text(['Acme', 'acme 2'])),
  email_address: maybe(text(EMAILS)),
  phone_number: maybe(text(PHONES)),
  reference_id: maybe(text(REFERENCES)),
}
const iso = second.map((seconds) => new Date(T0 + seconds * 1000).toISOString())
const range = fc
  .record({ start_at: maybe(iso), end_at: maybe(iso) })
  .filter(({ start_at, end_at }) => !start_at || !end_at || start_at <= end_at)
const by = (exact: readonly string[], fuzzy: readonly string[]) =>
  fc.oneof(fc.record({ exact: text(exact) }), fc.record({ fuzzy: text(fuzzy) }))
const groupSets = fc
  .uniqueArray(text(GROUPS))
  .chain((ids) =>
    fc.tuple(
      fc.constant(ids),
      fc.array(fc.constantFrom('any', 'all', 'none'), { minLength: 3, maxLength: 3 }),
    ),
  )
  .map(([ids, places]) => {
    const lists: Record<string, string[]> = {}
    for (const [at, id] of ids.entries()) (lists[places[at]!] ??= []).push(id)
    return lists
  })
const searches: fc.Arbitrary<PlainSearch> = fc.record({
  filter: fc
    .record({
      creation_source: maybe(
        fc.record({
          values: fc.uniqueArray(text(['THIRD_PARTY', 'MERGE', 'INSTANT_PROFILE'])),
          rule: text(['INCLUDE', 'EXCLUDE']),
        }),
      ),
      created_at: maybe(range),
      updated_at: maybe(range),
      email_address: maybe(by([...EMAILS, 'ANN@EXAMPLE.COM'], ['ann', 'example lee', 'ann.example', 'mail'])),
      phone_number: maybe(by([...PHONES, '+12065550100'], ['206', '555 0100', '44', '50100 2'])),
      reference_id: maybe(by([...REFERENCES, 'NYC-27'], ['nyc', '35', 'nyc m', 'AB'])),
      group_ids: maybe(groupSets),
    })
    // Most of them ask one thing: with everything at once nobody is ever found.
    .chain((all) =>
      fc
        .subarray(Object.keys(all), { maxLength: 2 })
        .map((kept) =>
          Object.fromEntries(
            Object.entries(all).filter(([name, part]) => kept.includes(name) && part !== undefined),
          ),
        ),
    ),
  sort: fc.record({ field: text(['DEFAULT', 'CREATED_AT']), order: text(['ASC', 'DESC']) }),
}) as fc.Arbitrary<PlainSearch>

const creations = fc.record({
  kind: fc.constant('create'),
  fields: fc.record(fields),
  source: text(['THIRD_PARTY', 'INSTANT_PROFILE']),
}) as fc.Arbitrary<Step>
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: creations },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('update'),
      at: fc.nat(30),
      fields: fc.record(
        Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name, fc.oneof(value, fc.constant(null))]),
        ),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), at: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge'), at: fc.nat(30), other: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('group'),
      at: fc.nat(30),
      group: text(GROUPS),
      member: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('search'),
      search: searches,
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
)

/** Some customers, and what then happens to them. */
const scripts = fc
  .tuple(
    fc.array(creations, { minLength: 6, maxLength: 15 }),
    fc.array(steps, { minLength: 10, maxLength: 40 }),
  )
  .map(([first, then]) => [...first, ...then])

/** Every id a search finds, page by page; the count has to agree. */
function walk(model: PracticeModel, search: PlainSearch, limit: number, now: number): readonly string[] {
  const seen: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const body = { query: search, limit, count: true, ...(cursor ? { cursor } : {}) }
    const page: WirePage = must(model.search(body, { now }))
    seen.push(...(page.customers ?? []).map(({ id }) => id))
    cursor = page.cursor
    if (cursor === undefined) expect(page.count).toBe(seen.length)
  }
  return seen
}

test(
  'search finds, orders, counts and pages as a naive reading of the rules does, whatever happened before',
  { timeout: 60_000 },
  () => {
    let searched = 0
    let found = 0
    // By index, by remembering whom it found, and by a look at some first: all ways lead to the same answers.
    const manners = fc.constantFrom({}, { few: 0 }, { few: 2 })
    fc.assert(
      fc.property(scripts, manners, (script, manner) => {
        const { model } = practice(manner)
        model.restore(withGroups(model))
        for (const [at, step] of script.entries()) {
          const now = T0 + at * 1000
          const all = model.customers()
          const pick = (n: number): WireCustomer | undefined => all[n % Math.max(all.length, 1)]
          if (step.kind === 'create') model.seed(compact(step.fields), step.source, { now })
          else if (step.kind === 'search') {
            const ids = walk(model, step.search, step.limit, now)
            expect(ids).toEqual(naiveSearch(all, step.search, 'US'))
            searched += 1
            found += ids.length
          } else {
            const id = pick(step.at)?.id ?? 'nobody'
            if (step.kind === 'update') model.update(id, compact(step.fields), { now })
            else if (step.kind === 'remove') model.remove(id, null, { now })
            else if (step.kind === 'merge') model.colleague.merge([id, pick(step.other)?.id ?? ''], { now })
            else model.colleague.setGroup(id, step.group, step.member, { now })
          }
        }
      }),
      { numRuns: 600 },
    )
    // It would hold of searches that find nobody, too.
    expect(found).toBeGreaterThan(searched)
  },
)

test('it still does after more changes than are taken in one by one', () => {
  const { model } = practice({ few: 40 })
  for (let n = 0; n < 300; n += 1)
    model.seed({ given_name: `Ann ${n % 17}`, email_address: `ann${n}@example.com` }, 'THIRD_PARTY', {
      now: T0 + n,
    })
  const order = 'ASC'
  const searches: readonly PlainSearch[] = [
    { filter: {}, sort: { field: 'DEFAULT', order } },
    { filter: { email_address: { fuzzy: 'ann2' } }, sort: { field: 'CREATED_AT', order } },
    { filter: { email_address: { fuzzy: 'ann7 com' } }, sort: { field: 'DEFAULT', order } },
    { filter: { creation_source: { values: ['DIRECTORY'] } }, sort: { field: 'DEFAULT', order } },
  ]
  for (const changes of [0, 90, 1200, 3, 90]) {
    for (let n = 0; n < changes; n += 1) {
      const now = T0 + 1000 + n
      const { id } = model.customers()[(n * 7) % model.customers().length]!
      if (n % 3 === 0) model.remove(id, null, { now })
      else if (n % 3 === 1) model.update(id, { email_address: `ann${n}@example.com` }, { now })
      else
        model.colleague.create({ given_name: `Bo ${n % 5}`, email_address: `ann2${n}@example.org` }, { now })
    }
    for (const search of searches) {
      const ids = walk(model, search, 100, T0 + 10_000)
      expect(ids).toEqual(naiveSearch(model.customers(), search, 'US'))
      expect(ids.length).toBeGreaterThan(changes > 0 || search !== searches[3] ? 0 : -1)
    }
  }
})

/** The groups G1 to G3, as if they had always been there. */
function withGroups(model: PracticeModel) {
  const snapshot = model.snapshot()
  const created_at = new Date(T0).toISOString()
  const groups = GROUPS.map((id) => [id, { id, name: id, created_at, updated_at: created_at }] as const)
  return { ...snapshot, sellers: snapshot.sellers.map((seller) => ({ ...seller, groups })) }
}

/** Without what is unset or empty, as the model keeps it. */
function compact<T>(given: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, T] => entry[1] !== undefined && entry[1] !== ''),
  )
}
