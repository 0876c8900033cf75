import type { CustomerFields } from '#shared/customer/customer.ts'
import type { History } from './history.ts'

type Options = ConstructorParameters<typeof History>[0]
interface BulkHistory {
  readonly options: Options
  readonly story: (h: History) => Promise<void>
}

const MINUTE = 60_000
const NAMES = ['Ann', 'Bob', 'Cy']
const TOGETHER = { bulkFrom: 2 }

/** What may become of requests that carry several customers (S22), and of too many requests (S26). */
export const BULK_HISTORIES: Record<string, BulkHistory> = {
  'z1 a bulk update broken off with 429 after its first item, which a colleague reverts: asked, not sent twice':
    {
      options: TOGETHER,
      story: (h) => editsTogether(h, 'partial'),
    },
  'z2 an item applied and missing in the answer, then reverted by a colleague: asked, not sent twice': {
    options: TOGETHER,
    story: (h) => editsTogether(h, 'missing'),
  },
  'z3 a bulk create whose answer lacks an item: sent again in bulk with the same key, made once': {
    options: TOGETHER,
    async story(h) {
      h.pc.setOffline(true)
      for (const givenName of NAMES) {
        h.staff.create({ givenName })
        await h.go(300)
      }
      h.fates.push('missing')
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      h.note = `${h.world.counts.get('bulk: several')} several, ${h.world.counts.get('bulk: one')} alone`
    },
  },
  'z4 a colleague changed one of those who travel together: that one is asked about, the others are through':
    {
      options: TOGETHER,
      async story(h) {
        await addAll(h)
        h.pc.setOffline(true)
        await editAll(h, { phoneNumber: '(212) 555-0102' })
        h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
        h.pc.setOffline(false)
        await h.go(7 * MINUTE)
        h.note = `${h.questions().join()}: ${h.square().join(' ')}`
        await h.answer(0.9, 0.9)
        await h.go(5000)
      },
    },
  'z5 Square takes one request a second: the pace follows, and nobody hammers': {
    options: { bulkFrom: 1e9 },
    async story(h) {
      h.pc.setOffline(true)
      for (let i = 0; i < 40; i++) {
        h.staff.create({ givenName: `N${i}` })
        await h.go(50)
      }
      h.world.square.limit = { perSecond: 1, burst: 2 }
      h.pc.setOffline(false)
      await h.go(10 * MINUTE)
      const limited = h.world.counts.get('429') ?? 0
      if (limited > 12) h.world.oracle.bad(`hammers: ${limited} times 429`)
      h.note = `${h.square().length} made, open: ${h.pc.outbox.state().entries.size}`
    },
  },
  'z7 a new PC with many new customers, its directory loading: they wait for that, and are not looked for one by one':
    {
      options: { duplicatesFound: true },
      async story(h) {
        const { model } = h.world.square
        for (let n = 0; n < 300; n++) model.colleague.create({ given_name: `K${n}` }, h.world.square.call())
        h.pc.setOffline(true)
        for (let n = 0; n < 40; n++) {
          h.staff.create({ givenName: `N${n}`, phoneNumber: `212-556-${1000 + n}` })
          await h.go(50)
        }
        let searches = 0
        h.world.square.script = (_pc, request) => {
          if (request.kind === 'read' && request.name === 'findExact') searches += 1
          return null
        }
        h.pc.setOffline(false)
        void h.pc.pull()
        await h.go(2 * MINUTE)
        if (searches > 20) h.world.oracle.bad(`looked for one by one, ${searches} times`)
        h.note = `${h.square().length} at Square`
      },
    },
  'z6 an item neither applied nor in the answer: not taken for done': {
    options: TOGETHER,
    async story(h) {
      await addAll(h)
      h.pc.setOffline(true)
      await editAll(h)
      h.fates.push('skipped')
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
    },
  },
}

async function editsTogether(h: History, fate: 'partial' | 'missing'): Promise<void> {
  await addAll(h)
  h.pc.setOffline(true)
  await editAll(h)
  h.fates.push(fate)
  h.pc.setOffline(false)
  await h.until(() => h.world.counts.has('bulk: several'))
  h.colleagueEdits('SQ1', { note: null })
  await h.go(7 * MINUTE)
  h.note = await h.answer(0.9, 0.9)
  await h.go(5000)
}

async function addAll(h: History): Promise<void> {
  for (const givenName of NAMES) {
    h.staff.create({ givenName })
    await h.go(3000)
  }
}

async function editAll(h: History, values: Partial<CustomerFields> = { note: 'ours' }): Promise<void> {
  for (const n of NAMES.keys()) {
    await h.edit(values, h.row(n))
    await h.go(300)
  }
}
