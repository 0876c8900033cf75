import type { Operation } from '#shared/outbox/operation.ts'
import type { Draft } from '#shared/outbox/record.ts'
import type { History } from './history.ts'
import { SimPc, STORE } from './sim-pc.ts'
import { SimStaff } from './sim-staff.ts'

type Options = ConstructorParameters<typeof History>[0]
interface OldHistory {
  readonly options: Options
  readonly story: (h: History) => Promise<void>
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const KEY_FORGOTTEN = { flags: { keyWindowMs: 11 * MINUTE + 40_000 } }

/** What a profile that was put back, or a window that shows the customers of a while ago, may bring. */
export const OLD_HISTORIES: Record<string, OldHistory> = {
  'j an old profile put back, in it a new customer with nothing but a name, the key forgotten: asked about': {
    options: KEY_FORGOTTEN,
    async story(h) {
      h.pc.setOffline(true)
      h.staff.create({ givenName: 'Ann', note: 'x' })
      await h.go(1000)
      const backup = { log: structuredClone(h.pc.disk.file), mirror: h.pc.mirror.clone() }
      h.pc.setOffline(false)
      await h.go(20 * MINUTE)
      h.pc.crash(500)
      h.pc.disk.file = backup.log
      h.pc.mirror = backup.mirror
      await h.go(2 * MINUTE)
      h.note = `${h.square().length} at Square, ${await h.answer(0.1)}`
      await h.go(MINUTE)
    },
  },
  'j2 two who are just alike typed in here, the app started again in between: both are added, nobody is asked':
    {
      options: {},
      async story(h) {
        h.staff.create({ givenName: 'Ann', note: 'x' })
        await h.go(3000)
        h.pc.setOffline(true)
        h.staff.create({ givenName: 'Ann', note: 'x' })
        await h.go(1000)
        h.pc.crash(500)
        await h.go(1000)
        h.pc.setOffline(false)
        await h.go(2 * MINUTE)
        h.note = await h.answer()
      },
    },
  'j3 a form opened before our own last edit was through, saved after compaction, then killed: no question': {
    options: {},
    async story(h) {
      h.world.solo = true // any question here would be needless
      h.pc.compactAfter = 1
      h.pc.crash(10)
      await h.go(1500)
      await h.addAnn()
      const form = h.staff.form(h.row())
      await h.edit({ note: 'y' })
      await h.go(3000)
      h.pc.staysSignedOut = true
      h.pc.signOut()
      await h.staff.edit(form, { phoneNumber: '(212) 555-0102' }, false)
      await h.go(1000)
      h.pc.crash(500)
      await h.go(3000)
      h.fates.push('lost')
      h.pc.signInAgain()
      await h.go(7 * MINUTE)
      h.note = h.questions().join() || 'no question'
    },
  },
  'j4 a backup of six weeks ago put back, the log compacted since: nothing is done twice, who went meanwhile is gone':
    {
      options: { ...KEY_FORGOTTEN, duplicatesFound: true },
      async story(h) {
        const { model } = h.world.square
        h.pc.compactAfter = 1
        h.pc.crash(10)
        await h.go(1500)
        await h.addAnn()
        for (const given_name of ['Bob', 'Dan']) model.colleague.create({ given_name }, h.world.square.call())
        void h.pc.pull()
        await h.go(MINUTE)
        h.pc.setOffline(true)
        await h.edit({ phoneNumber: '(212) 555-0102' }, h.row(0))
        await h.staff.remove(h.row(1))
        h.staff.create({ givenName: 'Cy', phoneNumber: '212-555-0104' })
        await h.go(1000)
        const backup = { log: structuredClone(h.pc.disk.file), mirror: h.pc.mirror.clone() }
        h.pc.setOffline(false)
        await h.go(20 * MINUTE)
        await h.edit({ phoneNumber: '+12125550103' }, h.row(0))
        model.colleague.remove('SQ3', h.world.square.call())
        await h.go(45 * DAY)
        h.pc.crash(500)
        h.pc.disk.file = backup.log
        h.pc.mirror = backup.mirror
        await h.go(2 * MINUTE)
        void h.pc.pull(true)
        await h.go(MINUTE)
        const [first, second] = [await h.answer(0.1, 0.9), await h.answer(0.1, 0.9)]
        await h.go(MINUTE)
        const names = h.pc.visible().map((row) => row.local.givenName)
        h.note = `${first}, ${second}; ${names.join()}`
      },
    },
  'q a candidate chosen in a window that does not know of the deletion behind the creation: refused': {
    options: KEY_FORGOTTEN,
    async story(h) {
      const ann = { givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' }
      h.fates.push('drop-and-crash')
      h.pc.crashDownMs = 15 * MINUTE
      h.staff.create(ann)
      await h.go(1500)
      for (const name of ['p1', 'p2']) {
        const other = new SimPc(h.world, name)
        h.world.pcs.push(other)
        void other.boot()
        await h.go(1500)
        new SimStaff(other).create(ann)
        await h.go(3000)
      }
      await h.go(15 * MINUTE)
      await h.staff.remove(h.row())
      await h.go(6 * MINUTE)
      const { head, question, shownOps } = h.staff.screen(h.row())!
      if (question.kind !== 'create-unknown') return
      const candidate = question.candidates[0]!
      const answering = { opId: head.id, questionId: question.id, shown: shownOps }
      const adopt: Draft = { kind: 'adopt', opId: head.id, localId: head.localId, candidate, answering }
      void h.pc.save([adopt])
      await h.go(2 * MINUTE)
      h.note = `${h.world.counts.get('refused: operations-moved') ?? 0} refused, ${await h.answer(0.95)}`
      await h.go(5000)
    },
  },
  'x2 an edit of a row that was merged away, from an old window, while the customer is added again: it follows':
    {
      options: {},
      async story(h) {
        const { late } = await mergedThenDeleted(h)
        h.pc.signOut()
        await h.answer(0.9)
        void h.pc.save([late])
        await h.go(1000)
        h.pc.signInAgain()
        await h.go(MINUTE)
        h.note = `${h.pc.visible().length} row, ${h.questions().join() || 'no question'}`
      },
    },
  'x3 the same once she was added again: of the customer that is gone, so it asks, and her row stays hers': {
    options: {},
    async story(h) {
      const { late } = await mergedThenDeleted(h)
      await h.answer(0.9)
      await h.go(MINUTE)
      void h.pc.save([late])
      await h.go(MINUTE)
      const again = h.world.square.model.customers()[0]!.id
      if (!h.pc.visible().some((row) => row.squareId === again))
        h.world.oracle.bad('the customer that was added again is not shown')
      const rows = h.pc.visible().map((row) => `${row.squareId} ${row.status}`)
      h.note = `${rows.join(', ')}; ${h.questions().join()}`
      await h.answer(0.1)
      await h.go(MINUTE)
    },
  },
  'x4 one who was deleted at Square is added again, while the search still lists her: nobody is asked': {
    options: { duplicatesFound: true, indexLagMs: 5 * MINUTE },
    async story(h) {
      const first = await deletedAndAddedAgain(h)
      await h.go(10_000)
      h.note = `${first}, ${h.questions().join() || 'no question'}`
      if (h.questions().length > 0) h.world.oracle.bad('asked about the one that is gone')
    },
  },
  'x5 the same, and she was brought back at the dashboard meanwhile: asked': {
    options: { flags: { restoredId: 'same' }, duplicatesFound: true, indexLagMs: 5 * MINUTE },
    async story(h) {
      h.pc.staysSignedOut = true
      const first = await deletedAndAddedAgain(h, () => {
        h.pc.signOut()
        h.world.square.model.colleague.restore('SQ1', h.world.square.call())
        h.world.oracle.restores('SQ1')
      })
      h.pc.signInAgain()
      await h.go(MINUTE)
      if (h.questions().length === 0) h.world.oracle.bad('she is there twice, and nobody was asked')
      h.note = `${first}, ${await h.answer(0.1)}`
      await h.go(MINUTE)
    },
  },
  'x6 one is deleted here and added again with the same number, while the search still lists her: nobody is asked':
    {
      options: { duplicatesFound: true, indexLagMs: 5 * MINUTE },
      async story(h) {
        await deletedHereAndAddedAgain(h)
        await h.go(MINUTE)
        h.note = h.questions().join() || 'no question'
        if (h.questions().length > 0) h.world.oracle.bad('asked about the one this PC deleted')
      },
    },
  'x7 the same, and the deletion does not get through at once: the new one waits for it': {
    options: { duplicatesFound: true },
    async story(h) {
      let attempts = 0
      h.world.square.script = (_pc, request) => (request.kind === 'remove' && attempts++ < 3 ? 'drop' : null)
      await deletedHereAndAddedAgain(h)
      await h.go(7 * MINUTE)
      h.note = `${attempts} attempts, ${h.questions().join() || 'no question'}`
      if (h.questions().length > 0) h.world.oracle.bad('asked about the one this PC is deleting')
    },
  },
}

/** Known to the search, deleted on this PC while it is offline, and added again with the same phone number. */
async function deletedHereAndAddedAgain(h: History): Promise<void> {
  await h.addAnn()
  await h.go(6 * MINUTE)
  h.pc.setOffline(true)
  await h.staff.remove(h.row())
  h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'y' })
  await h.go(1000)
  h.pc.setOffline(false)
}

/** Added, known to the search, deleted at the dashboard, changed here; what that asks is answered: add again. */
async function deletedAndAddedAgain(h: History, meanwhile = () => {}): Promise<string> {
  await h.addAnn()
  await h.go(6 * MINUTE)
  h.world.square.model.colleague.remove('SQ1', h.world.square.call())
  await h.edit({ note: 'y' })
  await h.go(MINUTE)
  meanwhile()
  return h.answer(0.9)
}

/** Two customers become one at the dashboard, that one is deleted, and an edit of it asks; `late`: of the row that went. */
async function mergedThenDeleted(h: History): Promise<{ late: Draft }> {
  const { model } = h.world.square
  for (const given_name of ['Ann', 'Bob']) model.colleague.create({ given_name }, h.world.square.call())
  void h.pc.pull()
  await h.go(MINUTE)
  const forms = [0, 1].map((n) => h.staff.form(h.row(n)))
  const merged = h.merge(...h.world.square.model.customers().map(({ id }) => id))
  await h.go(7 * MINUTE)
  void h.pc.pull(true) // a sweep misses both, and finds what they have become
  await h.go(MINUTE)
  const gone = forms.find(({ localId }) => !h.pc.mirror.rows.rows.has(localId))
  if (!gone || h.pc.visible().length !== 1) throw new Error('the two rows have not become one')
  await h.edit({ phoneNumber: '+12125550103' })
  model.colleague.remove(merged, h.world.square.call())
  await h.go(MINUTE)
  const { localId, squareId, basis } = gone
  const patch = { note: { base: null, local: 'late' } }
  const op: Operation = { id: 'late', kind: 'update', localId, store: STORE, squareId, patch, basis }
  return { late: { kind: 'queue', op, replaces: [] } }
}
