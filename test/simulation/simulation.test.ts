import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { placesOf } from './bundle.ts'
import { HISTORIES } from './histories.ts'
import { MUTANTS, withoutReference } from './mutants.ts'
import { runSeed } from './run-seed.ts'
import { runMutants, runSeeds } from './run-workers.ts'
import { missed, NIGHTLY_SEEDS, NIGHTLY_TIMES, RARE_SITUATIONS, rareTimes, SITUATIONS } from './situations.ts'

const FULL = process.env['COUNTERFOIL_FULL'] === '1'
const THREADS = Math.min(availableParallelism(), 8)
const NO_LIMIT = 1e9
const TIMEOUT_MS = FULL ? 6 * 3_600_000 : 600_000

interface Expected {
  /** What Square holds in the end: name/phone/note. */
  readonly square: readonly string[]
  readonly note?: string
}
const MERGED = 'Merged on 01/05/2026. Following fields were not transferred:'

/** How each history must end, by the rules. */
const EXPECTED: Record<string, Expected> = {
  // S9: once, with the edit made before anybody knew whether it was there.
  a1: { square: ['Ann/(212) 555-0102/x'] },
  a2: { square: ['Ann/(212) 555-0102/x'] },
  a3: { square: ['Ann/212-555-0101/y\nx'], note: 'create-unknown' },
  // S9: another Ann is not this one; staff say so.
  a4: { square: ['Ann/(212) 555-0102/-', 'Ann/212-555-0101/x'], note: 'create-unknown' },
  // S9: a recovery made her anew, for all that one can see.
  a5: { square: ['Ann/212-555-0101/x'], note: 'create-unknown' },
  // S9: who was not on the question is one before the new one goes.
  a6: { square: ['Ann/212-555-0101/y'], note: 'create-unknown, create-duplicate, conflict' },
  // Not cured: of whom Square's search says nothing, nobody can be asked.
  a7: { square: ['Ann/212-555-0101/x', 'Ann/212-555-0101/x'], note: 'create-unknown, no question' },
  // S9: who is gone hides nobody who may be it.
  a8: { square: ['Ann/-/y\nx'], note: 'create-unknown' },
  // S8: asked; the answer keeps ours.
  b: { square: ['Ann/(212) 555-0102/x'], note: 'conflict' },
  // S7: what is as it was shown is no conflict. S8: in doubt nobody can tell.
  b2: { square: ['Ann/(212) 555-0102/x'], note: 'no question' },
  b3: { square: ['Ann/(212) 555-0102/x'], note: 'conflict' },
  // S12: all three edits are answered at once, with ours.
  c: { square: ['Ann/(212) 555-0102/-'], note: '1 refused, then conflict' },
  d: { square: [] },
  d2: { square: [], note: 'delete-changed' },
  d3: { square: ['Ann/212-555-0101/x'], note: 'delete-changed' },
  // S8: who was brought back once may have been a second time.
  d4: { square: ['Ann/212-555-0101/x'], note: 'delete-changed' },
  d5: { square: ['Ann/212-555-0101/x'], note: 'delete-changed' },
  // S10: gone it was when Square was asked; a pull finds who came back.
  d6: { square: [`Ann/-/ ${MERGED} given_name: Bob.`], note: 'no question' },
  e: { square: ['Ann/(212) 555-0102/y'] },
  f: { square: ['Ann/(212) 555-0102/x'] },
  f2: { square: [] },
  // S4: before it was durable the squash never was; afterwards it is one operation.
  g: { square: ['Ann/+12125550103/x'], note: '(212) 555-0102, then +12125550103 in 1 operation' },
  g2: { square: ['Ann/212-555-0101/x'], note: '1 operation' },
  h: { square: ['Ann/(212) 555-0102/y'], note: 'no question' },
  i: { square: [`Ann/(212) 555-0102/x\n${MERGED} given_name: Bob.\ny`], note: '1 questions' },
  i2: { square: ['Ann/212-555-0101/y\nx'], note: 'no question' },
  // S20: the copy asks about both and sends neither; the first PC sends both.
  k: { square: ['Ann/+12125550103/x', 'Cy/(212) 555-0102/y'], note: 'copied, copied' },
  // S2, S20: only the deletion is new here; whom it was about this PC has no more.
  k2: { square: [], note: 'copied, copied, 0 rows' },
  // S20: what was written before is given back and asks; what was saved then is promised after that, and goes by itself.
  k3: { square: ['Dan/-/-', 'Cy/-/-', 'Bob/-/-', 'Ann/-/-'], note: 'copied, copied, copied' },
  // S9, S20: once at Square, and staff say that it is she.
  k4: { square: ['Ann/-/x'], note: 'copied, create-duplicate' },
  // S20: nobody knows of the attempt any more, so nothing is sent by itself; what was answered is done.
  k5: { square: ['Ann/+12125550101/x', 'Bob/-/y'], note: 'copied, copied' },
  k6: {
    square: ['Ann/212-555-0101/y'],
    note: 'copied, Ann 212-555-0101 y: copied, create-duplicate; conflict',
  },
  l: { square: ['Ann/212-555-0101/-'], note: '1 row' },
  // S8, S10: asked under the new id; the answer keeps Square's.
  m: {
    square: [`Bob/+12125550103/x ${MERGED} given_name: Ann, phone_number: 212-555-0101.`],
    note: 'conflict',
  },
  m2: {
    square: [`Ann/+12125550101/x ${MERGED} given_name: Bob, phone_number: +12125550103.`],
    note: 'conflict',
  },
  // S10: one row, with what Square holds, and what comes after it goes there.
  m3: {
    square: [`Ann/+12125550103/x\n${MERGED} given_name: Bob.\nz`],
    note: 'SQ3 (212) 555-0102, SQ2 null; 1 row, no question',
  },
  // S23: what is typed on the one they had become is hers, also where her row was that of one who came apart.
  m4: {
    square: [`Ann/(212) 555-0102/x ${MERGED} given_name: Bob.`, 'Bob/-/-'],
    note: 'SQ3 (212) 555-0102, SQ2 ',
  },
  n: { square: ['Ann/(212) 555-0102/x'] },
  o: { square: ['Zoe/-/-'], note: 'create-unknown, Zoe shown' },
  p: { square: ['Ann/212-555-0101/x'], note: 'no question' },
  r: {
    square: [`Bob/(212) 555-0102/x ${MERGED} given_name: Ann, phone_number: 212-555-0101.`],
    note: 'Bob, no question',
  },
  s: { square: ['Ann/-/-'], note: 'compacted' },
  t: { square: ['Ann/212-555-0101/y', 'Bob/-/z'], note: 'refused; Ann/212-555-0101/x Bob/-/z; refused' },
  // S9: whom staff told apart is not asked about again, somebody new is.
  t2: { square: ['Bob/-/-', 'Ann/-/-'], note: 'create-duplicate, refused, no question' },
  t3: {
    square: ['Bob/-/-', 'Cy/-/-', 'Ann/-/-'],
    note: 'create-duplicate, refused, create-duplicate Cy',
  },
  // S9: two people with the same name and number stay two.
  u: { square: ['Ann/212-555-0101/x', 'Ann/212-555-0101/x'], note: 'create-unknown' },
  // S9: whom staff chose for the second one may still be what the first one made.
  u2: { square: ['Ann/212-555-0101/x'], note: 'create-duplicate, conflict, no question, 1 row' },
  // S9: one that was changed may be what the other one made.
  u3: { square: ['Ann/+12125550101/x', 'Ann/212-555-0101/x'], note: 'create-unknown' },
  // S9: what it holds by now says nothing of who made it.
  u4: { square: ['Ann/-/x', 'Bob/-/-'], note: 'create-unknown, conflict' },
  v: { square: ['Ann/212-555-0101/x'], note: 'merged-delete' },
  v2: { square: ['Ann/212-555-0101/x'], note: 'merged-delete' },
  v3: { square: ['Ann/-/-'], note: 'merged-delete' },
  w: { square: ['Ann/+12125550103/x'], note: '1 refused' },
  x: { square: [], note: '1 refused' },
  y: { square: ['Ann/+12125550101/x'], note: 'compacted, conflict' },
  // S8: an answer to another attempt does not clear the first one.
  y2: { square: ['Ann/+12125550101/x'], note: 'conflict' },
  // S9: not created twice, and staff say that it is she; their own twins are theirs.
  j: { square: ['Ann/-/x'], note: '1 at Square, create-duplicate' },
  j2: { square: ['Ann/-/x', 'Ann/-/x'], note: 'no question' },
  // S6: sent with the newest version, so that what was lost is recognised.
  j3: { square: ['Ann/(212) 555-0102/y'], note: 'no question' },
  // S7, S9, S10: by what Square holds now.
  j4: {
    square: ['Ann/+12125550103/x', 'Cy/212-555-0104/-'],
    note: 'conflict, create-duplicate; Ann,Cy',
  },
  // S12: what was confirmed for one card deletes no other one.
  q: { square: ['Ann/212-555-0101/x', 'Ann/212-555-0101/x'], note: '1 refused, create-unknown' },
  // S3: the customer added again has the edit; who is gone takes nobody's row along.
  x2: {
    square: [`Ann/+12125550103/late\n ${MERGED} given_name: Bob.`],
    note: '1 row, no question',
  },
  x3: {
    square: [`Ann/+12125550103/ ${MERGED} given_name: Bob.`],
    note: 'SQ4 in-square, SQ3 needs-you; gone',
  },
  // S9: whoever was gone is a question only if she is back.
  x4: { square: ['Ann/212-555-0101/y'], note: 'gone, no question' },
  x5: { square: ['Ann/212-555-0101/x\ny'], note: 'gone, create-duplicate' },
  // S9: whom this log deletes or has deleted is nobody's match.
  x6: { square: ['Ann/212-555-0101/y'], note: 'no question' },
  x7: { square: ['Ann/212-555-0101/y'], note: '4 attempts, no question' },
  // S22: in doubt is only the item that is; the answer keeps Square's.
  z1: { square: ['Ann/-/-', 'Bob/-/ours', 'Cy/-/ours'], note: 'conflict' },
  z2: { square: ['Ann/-/-', 'Bob/-/ours', 'Cy/-/ours'], note: 'conflict' },
  z3: { square: ['Ann/-/-', 'Bob/-/-', 'Cy/-/-'], note: '1 several, 1 alone' },
  z4: {
    square: ['Ann/+12125550103/-', 'Bob/(212) 555-0102/-', 'Cy/(212) 555-0102/-'],
    note: 'conflict: Ann/+12125550103/- Bob/(212) 555-0102/- Cy/(212) 555-0102/-',
  },
  z5: { square: expect.any(Array) as string[], note: '40 made, open: 0' },
  z7: { square: expect.any(Array) as string[], note: '340 at Square' },
  z6: { square: ['Ann/-/ours', 'Bob/-/ours', 'Cy/-/ours'] },
  // S12: a question follows what Square holds.
  n2: { square: ['Ann/+12125550102/x'], note: 'no question' },
  n3: { square: ['Ann/(212) 555-0102/x'], note: 'no question' },
  n4: { square: ['Ann/(212) 555-0102/x'], note: '+12125550199, conflict' },
  n5: { square: ['Ann/(212) 555-0102/x'], note: 'conflict' },
  n6: { square: ['Ann/(212) 555-0102/x'], note: 'no question' },
  n7: { square: [], note: 'the same question' },
  n8: { square: [], note: 'no question' },
  n9: { square: [], note: 'gone' },
  n10: { square: ['Ann/(212) 555-0102/-'], note: 'no question' },
  n11: { square: ['Bob/(212) 555-0102/-'], note: 'another-person' },
}

describe('histories that forced the wording of the rules', () => {
  it('each has an expected end', () => {
    expect(Object.keys(HISTORIES).map((name) => name.split(' ')[0])).toEqual(Object.keys(EXPECTED))
  })
  it.each(Object.entries(HISTORIES))('%s', async (name, tell) => {
    const told = await tell()
    expect(told.violations).toEqual([])
    const { square, note } = EXPECTED[name.split(' ')[0]!]!
    expect(told).toMatchObject({ square, note: note ?? '' })
  })
})

it(
  'seeds of a shop where everything goes wrong: every promise is kept or answered, nothing is done twice',
  async () => {
    const count = FULL ? 3000 : 200
    const report = await runSeeds({ from: 1, count, untilMs: NO_LIMIT, threads: THREADS, histories: false })
    expect(report.failed).toEqual([])
    expect(report.seeds).toBe(count)
    expect(missed(report.counts, SITUATIONS, 1)).toEqual([])
    if (FULL) expect(missed(report.counts, RARE_SITUATIONS, 1)).toEqual([])
    expect(report.leastEdits).toBeGreaterThanOrEqual(40)
    expect(report.leastChaosMs).toBeGreaterThanOrEqual(15 * 60_000)
    expect(report.twice).toBe(Math.floor(count / 50))
  },
  TIMEOUT_MS,
)

it('a short nightly run wants of the rare situations what a whole night has in that time, and never none', () => {
  expect([1, NIGHTLY_SEEDS / 25, NIGHTLY_SEEDS, NIGHTLY_SEEDS * 2].map(rareTimes)).toEqual([
    1,
    NIGHTLY_TIMES / 25,
    NIGHTLY_TIMES,
    NIGHTLY_TIMES,
  ])
})

it('the same seed is the same run', async () => {
  const [one, two, other] = [await runSeed(3), await runSeed(3), await runSeed(4)]
  expect(two.hash).toBe(one.hash)
  expect(two.steps).toBe(one.steps)
  expect(other.hash).not.toBe(one.hash)
}, 60_000)

it('chance from outside is noticed: every 50th seed is run twice', async () => {
  // Not the tie-break: a seed meets so few ties that one run in five would be the same by chance.
  const find = 'Math.max(0, ms), tie'
  const replace = 'Math.max(0, ms) + Math.random(), tie'
  const edits = [{ file: 'test/simulation/scheduler.ts', find, replace }]
  const mutant = { name: 'time-by-chance', rule: 'S17', edits }
  const job = { from: 50, count: 1, untilMs: NO_LIMIT, threads: 1, histories: false }
  expect((await runSeeds(job)).failed).toEqual([])
  expect((await runSeeds({ ...job, mutant })).failed).toEqual([
    { seed: '50', violation: 'not deterministic' },
  ])
}, 60_000)

/** Found by the first few seeds. Those with a history of their own are run always. */
const QUICK = [
  'saved-before-fsync',
  'fresh-key-per-attempt',
  'always-rebase',
  'gone-means-done',
  'lanes-by-local-id',
  'lost-tail-unnoticed',
]
/** The seeds find these too, but later: where time is short they are told what shows them. */
const TOLD: Record<string, string> = {
  'unknown-is-not-applied': 'b ',
  'version-omitted': 'z4 ',
  'copied-is-never-sent': 'k4 ',
}

const short = MUTANTS.map((mutant) => {
  const history = TOLD[mutant.name]
  return history ? { ...mutant, history } : mutant
}).filter(({ name, history }) => history !== undefined || QUICK.includes(name))
const chosen = FULL ? MUTANTS : short

if (FULL)
  it(
    'what only the reference model sees lives where it is silent',
    async () => {
      const only = MUTANTS.filter(({ onlyReference }) => onlyReference).map(withoutReference)
      const results = await runMutants({ mutants: only, count: 200, untilMs: NO_LIMIT, threads: THREADS })
      expect(results.filter(({ killedAt }) => killedAt).map(({ mutant }) => mutant.name)).toEqual([])
      expect(results.length).toBeGreaterThanOrEqual(3)
    },
    TIMEOUT_MS,
  )

it('no mutant is stale: what it changes is in the code, once', async () => {
  const stale: string[] = []
  for (const { name, edits } of MUTANTS)
    for (const edit of edits) if ((await placesOf(edit)) !== 1) stale.push(name)
  expect(stale).toEqual([])
})

it(
  'mutants: code that breaks a rule is noticed',
  async () => {
    expect(chosen.length).toBeGreaterThanOrEqual(FULL ? MUTANTS.length : QUICK.length + 10)
    const count = FULL ? 1500 : 120
    const results = await runMutants({ mutants: chosen, count, untilMs: NO_LIMIT, threads: THREADS })
    const alive = results.filter(({ killedAt }) => killedAt === null).map(({ mutant }) => mutant.name)
    expect(alive).toEqual([])
    const notByHistory = results.filter(
      ({ mutant, killedAt }) => mutant.history && !killedAt?.startsWith('history'),
    )
    expect(notByHistory.map(({ mutant }) => mutant.name)).toEqual([])
    expect(results).toHaveLength(chosen.length)
  },
  TIMEOUT_MS,
)
