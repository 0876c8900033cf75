import type { CustomerFields } from '#shared/customer/customer.ts'
import type { History } from './history.ts'

type Options = ConstructorParameters<typeof History>[0]
interface StandingHistory {
  readonly options: Options
  readonly story: (h: History) => Promise<void>
}

const MINUTE = 60_000
const OURS = '(212) 555-0102'
const THEIRS = '+12125550103'
const BEFORE = '212-555-0101'

/** A question stands, nobody has answered yet, and Square moves on (S12). */
export const STANDING_HISTORIES: Record<string, StandingHistory> = {
  'n2 a colleague writes what staff want as well, after they were asked: nothing is left to decide': {
    options: {},
    async story(h) {
      await asked(h)
      await colleagueAnd(h, { phoneNumber: OURS })
      h.note = nothingToDecide(h)
    },
  },
  'n3 a colleague takes back what was in the way: sent, nobody is asked': {
    options: {},
    async story(h) {
      await asked(h)
      await colleagueAnd(h, { phoneNumber: BEFORE })
      h.note = nothingToDecide(h)
    },
  },
  'n4 a colleague changes it once more: asked with what Square holds now, and answered once': {
    options: {},
    async story(h) {
      await asked(h)
      await colleagueAnd(h, { phoneNumber: '+12125550199' })
      const shown = questionOf(h)
      h.note = `${shown && 'remote' in shown ? shown.remote.fields.phoneNumber : 'nothing'}, ${await h.answer()}`
      await h.go(MINUTE)
    },
  },
  'n5 asked in doubt, and a colleague takes it back: it could have been ours, so it is still asked': {
    options: {},
    async story(h) {
      await h.addAnn()
      h.fates.push('lost')
      await h.edit({ phoneNumber: OURS })
      await h.sentOnce()
      h.colleagueEdits('SQ1', { phoneNumber: THEIRS })
      await h.until(() => h.questions().length > 0, MINUTE)
      await colleagueAnd(h, { phoneNumber: BEFORE })
      h.note = h.questions().join() || 'no question'
      await h.answer()
      await h.go(MINUTE)
    },
  },
  'n6 gone, and brought back at the dashboard: sent, nobody is asked': {
    options: { flags: { restoredId: 'same' } },
    async story(h) {
      await offlineEdit(h)
      h.world.square.model.colleague.remove('SQ1', h.world.square.call())
      h.pc.setOffline(false)
      await h.until(() => h.questions().includes('gone'), MINUTE)
      h.world.square.model.colleague.restore('SQ1', h.world.square.call())
      h.world.oracle.restores('SQ1')
      await pullAnd(h)
      h.note = nothingToDecide(h)
    },
  },
  'n7 gone, and a list that lags still has them: the question stays': {
    options: { indexLagMs: 5 * MINUTE },
    async story(h) {
      await offlineEdit(h)
      h.world.square.model.colleague.remove('SQ1', h.world.square.call())
      h.pc.setOffline(false)
      await h.until(() => h.questions().includes('gone'), MINUTE)
      const first = questionOf(h)?.id
      await pullAnd(h, true)
      h.note = questionOf(h)?.id === first ? 'the same question' : 'another question'
      if (questionOf(h)?.id !== first) h.world.oracle.bad('asked anew, although nothing has moved')
      await h.answer()
      await h.go(MINUTE)
    },
  },
  'n8 a deletion asks because a colleague changed them, who takes that back: deleted as confirmed': {
    options: {},
    async story(h) {
      await h.addAnn()
      await pullAnd(h)
      h.pc.setOffline(true)
      await h.staff.remove(h.row())
      h.colleagueEdits('SQ1', { note: 'y' })
      h.pc.setOffline(false)
      await h.until(() => h.questions().includes('delete-changed'), MINUTE)
      await colleagueAnd(h, { note: 'x' })
      h.note = nothingToDecide(h)
    },
  },
  'n9 a colleague deletes them after staff were asked about a change: asked whether to add them again': {
    options: {},
    async story(h) {
      await asked(h)
      h.world.square.model.colleague.remove('SQ1', h.world.square.call())
      await h.go(10 * MINUTE) // as long as lists may lag
      await pullAnd(h, true)
      h.note = h.questions().join() || 'no question'
      await h.answer()
      await h.go(MINUTE)
    },
  },
  'n10 another person is there, then the one staff knew again: sent, nobody is asked about what they never saw':
    {
      options: {},
      async story(h) {
        await askedAboutMiller(h, BOB)
        if (questionOf(h)?.kind !== 'conflict') h.world.oracle.bad('another person was not asked about')
        await colleagueAnd(h, MILLER)
        h.note = nothingToDecide(h)
      },
    },
  'n11 the number is free again, and another person has the card: asked about them, nothing is sent': {
    options: {},
    async story(h) {
      await askedAboutMiller(h, { ...BOB, phoneNumber: THEIRS })
      await colleagueAnd(h, { phoneNumber: BEFORE })
      const now = questionOf(h)
      h.note = now?.kind === 'conflict' ? now.why : 'no question'
      if (h.note !== 'another-person') h.world.oracle.bad('two people were made one unseen')
      await h.answer()
      await h.go(MINUTE)
    },
  },
}

const MILLER = { givenName: 'Ann', familyName: 'Miller' }
const BOB = { givenName: 'Bob', familyName: 'Stone' }

/** Staff have changed her number on a PC that was offline, and a colleague what is said. */
async function askedAboutMiller(h: History, values: Partial<CustomerFields>): Promise<void> {
  h.staff.create({ ...MILLER, phoneNumber: BEFORE })
  await h.go(3000)
  h.pc.setOffline(true)
  await h.edit({ phoneNumber: OURS })
  h.colleagueEdits('SQ1', values)
  h.pc.setOffline(false)
  await h.until(() => h.questions().includes('conflict'), MINUTE)
}

async function offlineEdit(h: History): Promise<void> {
  await h.addAnn()
  await h.go(6 * MINUTE) // until lists show her
  await pullAnd(h)
  h.pc.setOffline(true)
  await h.edit({ phoneNumber: OURS })
}

/** Staff and a colleague have written different numbers, and the question stands. */
async function asked(h: History): Promise<void> {
  await offlineEdit(h)
  h.colleagueEdits('SQ1', { phoneNumber: THEIRS })
  h.pc.setOffline(false)
  await h.until(() => h.questions().includes('conflict'), MINUTE)
}

async function colleagueAnd(h: History, values: Partial<CustomerFields>): Promise<void> {
  h.colleagueEdits('SQ1', values)
  await pullAnd(h)
}

async function pullAnd(h: History, sweep = false): Promise<void> {
  await h.go(1000)
  void h.pc.pull(sweep)
  await h.go(MINUTE)
}

function nothingToDecide(h: History): string {
  if (h.questions().length > 0) h.world.oracle.bad('asked what Square answers')
  return h.questions().join() || 'no question'
}

function questionOf(h: History) {
  return [...h.pc.outbox.state().entries.values()][0]?.question ?? null
}
