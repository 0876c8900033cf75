import { describe, expect, it } from 'vitest'
import type { Request } from './sim-square.ts'
import { History } from './history.ts'
import { NO_FAULTS } from './sim-square.ts'
import { SimPc } from './sim-pc.ts'
import { SimStaff } from './sim-staff.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A history in which every request is noted; `script` as in SimSquare. */
async function begin(script: (request: Request) => 'drop' | 'lost' | null = () => null) {
  const h = new History()
  const requests: Request[] = []
  h.world.square.script = (_pc, request) => {
    requests.push(request)
    return script(request)
  }
  await h.begin()
  return { h, requests }
}

const writes = (requests: readonly Request[]) => requests.filter(({ kind }) => kind !== 'read')
const create = (h: History, givenName: string) => h.staff.create({ givenName })
const nameOf = (line: string) => line.split('/')[0]

/** A second till of the same seller. */
async function secondTill(h: History): Promise<{ pc: SimPc; staff: SimStaff }> {
  const pc = new SimPc(h.world, 'p1')
  pc.compactAfter = 1e9
  h.world.pcs.push(pc)
  void pc.boot()
  await h.go(1500)
  void pc.pull()
  await h.go(1500)
  return { pc, staff: new SimStaff(pc) }
}

describe('the line', () => {
  it('is down from the start and for eight hours: staff add, edit and delete, and all of it arrives once', async () => {
    const { h, requests } = await begin()
    await h.addAnn()
    h.pc.setOffline(true)
    h.pc.crash(10)
    await h.go(1500)
    h.world.projectLagMs = 30_000 // nobody else changes the log: a long day in few steps
    requests.length = 0
    create(h, 'Bob')
    await h.edit({ note: 'offline' }, h.row(0))
    create(h, 'Cy')
    await h.go(HOUR)
    await h.edit({ note: 'afternoon' }, h.row(0))
    void h.staff.remove(h.row(2))
    await h.go(7 * HOUR)
    expect(writes(requests)).toEqual([])
    expect(h.row(0)).toMatchObject({ status: 'saved-here', local: { note: 'afternoon' } })
    expect(h.square()).toEqual(['Ann/212-555-0101/x'])
    h.pc.setOffline(false)
    await h.go(2 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/212-555-0101/afternoon', 'Bob/-/-'])
  })

  it('comes and goes every second for ten minutes: no storm, and everything arrives once', async () => {
    const { h, requests } = await begin()
    for (let n = 0; n < 8; n++) create(h, `N${n}`)
    let lost = 0
    // What is under way when the line goes is lost on its way there, or on its way back.
    h.world.square.script = (pc, request) => {
      requests.push(request)
      if (pc.offline || h.world.scheduler.now >= until || h.world.scheduler.now % 1000 < 500) return null
      lost += 1
      return lost % 2 ? 'lost' : 'drop'
    }
    const until = h.world.scheduler.now + 600_000
    for (let second = 0; second < 600; second++) {
      h.pc.setOffline(second % 2 === 0)
      if (second % 100 === 50) create(h, `later${second}`)
      await h.go(1000)
    }
    const during = requests.length
    h.pc.setOffline(false)
    await h.go(5 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square().map(nameOf)).toHaveLength(14)
    // Fourteen creations, each looked for and sent, and a probe for each second the line was back, at the most.
    expect(during).toBeLessThan(600)
    expect(lost).toBeGreaterThan(5)
  })
})

describe('an answer that comes too late', () => {
  it('Square does the update a minute after it was given up and sent again: once, and nobody is asked', async () => {
    const { h } = await begin()
    h.world.solo = true
    await h.addAnn()
    h.world.square.script = null
    h.world.square.faults.late = 1
    await h.edit({ note: 'late' })
    await h.go(7900)
    Object.assign(h.world.square.faults, NO_FAULTS)
    await h.go(10 * MINUTE)
    expect(h.world.lines.filter((line) => / sent .* #2 /.test(line))).toHaveLength(1)
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/212-555-0101/late'])
  })

  it('the same for a new customer: one customer', async () => {
    const { h } = await begin()
    h.world.square.script = null
    h.world.square.faults.late = 1
    create(h, 'Ann')
    await h.go(7900)
    Object.assign(h.world.square.faults, NO_FAULTS)
    await h.go(10 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/-/-'])
  })

  it('the answer is lost and a colleague changes another field: seen as done, nothing is sent again', async () => {
    const { h } = await begin()
    await h.addAnn()
    const effects: Request[] = []
    let lost = false
    h.world.square.script = (_pc, request) => {
      if (request.kind === 'read') return null
      effects.push(request)
      if (lost) return null
      lost = true
      return 'lost'
    }
    await h.edit({ phoneNumber: '(212) 555-0102' })
    await h.sentOnce()
    h.colleagueEdits('SQ1', { note: 'y' })
    await h.go(7 * MINUTE)
    expect(effects).toHaveLength(1)
    expect(h.questions()).toEqual([])
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/(212) 555-0102/y'])
  })
})

describe('Square', () => {
  it('fails with 5xx for half an hour: nothing is lost, the waits grow, and then everything arrives', async () => {
    let storm = false
    const at: number[] = []
    const { h, requests } = await begin((request) => {
      if (storm && request.kind !== 'read') at.push(h.world.scheduler.now)
      return storm ? (requests.length % 3 ? 'drop' : 'lost') : null
    })
    await h.addAnn()
    storm = true
    const began = h.world.scheduler.now
    await h.edit({ note: 'y' })
    for (let n = 0; n < 5; n++) create(h, `N${n}`)
    requests.length = 0
    await h.go(30 * MINUTE)
    // Probes are at most 30 s apart; each operation tries a dozen times in half an hour, not hundreds.
    expect(requests.length).toBeGreaterThan(30)
    expect(requests.length).toBeLessThan(250)
    // Of what is written most is tried in the first five minutes, and ever less in each five after that.
    const within = (from: number, to: number) =>
      at.filter((time) => time - began >= from * MINUTE && time - began < to * MINUTE).length
    expect(within(0, 5)).toBeGreaterThan(2 * within(10, 15))
    expect(within(20, 30)).toBeLessThanOrEqual(within(0, 5))
    storm = false
    await h.go(15 * MINUTE)
    // What can no longer be trusted to a key is a question, not a second customer (S9).
    for (let n = 0; n < 8; n++) await h.answer(0.8)
    await h.go(5 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square().map(nameOf).sort()).toEqual(['Ann', 'N0', 'N1', 'N2', 'N3', 'N4'])
    expect(h.square()[0]).toBe('Ann/212-555-0101/y')
  })

  it('fails for one customer only: everybody else goes on, and that one is not hammered', async () => {
    let poison = true
    const tries: number[] = []
    const { h } = await begin((request) => {
      if (!poison || request.kind !== 'update' || request.id !== 'SQ1') return null
      tries.push(h.world.scheduler.now)
      return 'drop'
    })
    for (const name of ['Ann', 'Bob', 'Cy']) create(h, name)
    await h.go(5000)
    for (const n of [0, 1, 2]) await h.edit({ note: 'new' }, h.row(n))
    await h.go(10_000)
    expect(h.square().filter((line) => line.endsWith('/new'))).toHaveLength(2)
    for (let n = 0; n < 5; n++) {
      create(h, `N${n}`)
      await h.go(10 * MINUTE)
    }
    expect(h.square()).toHaveLength(8)
    expect(tries.length).toBeGreaterThan(8)
    // Ever more rarely, up to five minutes: in the last half hour a fraction of what the first ten minutes saw.
    const since = (ms: number) => tries.filter((time) => time > h.world.scheduler.now - ms).length
    console.log(
      tries.map((t) => Math.round((t - tries[0]!) / 1000)),
      since(30 * MINUTE),
    )
    expect(since(30 * MINUTE)).toBeLessThanOrEqual(15)
    poison = false
    await h.go(6 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square().filter((line) => line.endsWith('/new'))).toHaveLength(3)
  })
})

describe('two tills', () => {
  it('change the same field of one customer: one gets through, the other one asks', async () => {
    const { h } = await begin()
    await h.addAnn()
    const other = await secondTill(h)
    h.pc.setOffline(true)
    other.pc.setOffline(true)
    await h.edit({ phoneNumber: '(212) 555-0102' })
    const row = h.row(0, other.pc)
    await other.staff.edit(other.staff.form(row), { phoneNumber: '+12125550103' }, false)
    await h.go(500)
    h.pc.setOffline(false)
    other.pc.setOffline(false)
    await h.go(MINUTE)
    const asked = h.world.pcs.flatMap((pc) =>
      [...pc.outbox.state().entries.values()].flatMap(({ question }) => question?.kind ?? []),
    )
    expect(asked).toEqual(['conflict'])
    const [first] = h.square()
    expect(['Ann/(212) 555-0102/x', 'Ann/+12125550103/x']).toContain(first)
    // Whoever is asked keeps what is in Square.
    for (const pc of h.world.pcs) await h.answer(0, 0.9, pc, pc === h.pc ? h.staff : other.staff)
    await h.go(MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual([first])
  })

  it('add the same person in the same minute: two customers, nothing is merged by itself', async () => {
    const { h } = await begin()
    const other = await secondTill(h)
    const ann = { givenName: 'Ann', phoneNumber: '212-555-0101' }
    h.staff.create(ann)
    other.staff.create(ann)
    await h.go(2 * MINUTE)
    for (const pc of [h.pc, other.pc]) void pc.pull(true)
    await h.go(10_000)
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/212-555-0101/-', 'Ann/212-555-0101/-'])
    expect(h.world.pcs.map((pc) => pc.visible().length)).toEqual([2, 2])
  })
})

describe('a backup of the whole profile is put back', () => {
  it('what was applied meanwhile is recognised or asked about: nothing is done twice', async () => {
    const { h } = await begin()
    await h.addAnn()
    h.pc.setOffline(true)
    await h.edit({ note: 'y' })
    create(h, 'Bob')
    await h.go(1000)
    const backup = { log: structuredClone(h.pc.disk.file), mirror: h.pc.mirror.clone() }
    h.pc.setOffline(false)
    await h.go(MINUTE)
    expect(h.square()).toEqual(['Ann/212-555-0101/y', 'Bob/-/-'])
    h.pc.crash(500)
    h.pc.disk.file = backup.log
    h.pc.mirror = backup.mirror
    await h.go(MINUTE)
    // The update holds in Square already. The creation was not sent in this life, and has nothing but a name: whoever is
    // just like it is a question (S9).
    expect(await h.answer(0.1)).toBe('create-duplicate')
    expect(await h.end()).toEqual([])
    expect(h.square()).toEqual(['Ann/212-555-0101/y', 'Bob/-/-'])
    expect(h.pc.outbox.state().entries.size).toBe(0)
  })

  it('a limit: an edit that was done and taken back since is done again, for nothing left tells that it was', async () => {
    const { h } = await begin()
    await h.addAnn()
    h.pc.setOffline(true)
    await h.edit({ phoneNumber: '(212) 555-0102' })
    await h.go(1000)
    const backup = { log: structuredClone(h.pc.disk.file), mirror: h.pc.mirror.clone() }
    h.pc.setOffline(false)
    await h.go(MINUTE)
    h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
    h.pc.crash(500)
    h.pc.disk.file = backup.log
    h.pc.mirror = backup.mirror
    await h.go(10 * MINUTE)
    expect(h.square()).toEqual(['Ann/(212) 555-0102/x'])
    expect(await h.end()).toEqual([expect.stringMatching(/^effect 2 times: update/)])
  })
})

it('S17 the clock of the PC jumps by years: the same day, request by request', async () => {
  const day = async (wall: (now: number) => number) => {
    let creates = 0
    // Each creation is lost on its way, then on its way back: how old its first attempt is decides what is done.
    const { h, requests } = await begin((request) => {
      if (request.kind !== 'create') return null
      return (['drop', 'lost', null] as const)[creates++ % 3]!
    })
    h.world.wallOf = () => wall(h.world.scheduler.now)
    h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
    await h.go(MINUTE)
    create(h, 'Bob')
    await h.go(MINUTE)
    await h.edit({ note: 'y' })
    h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
    await h.go(2 * MINUTE)
    h.pc.crash(500)
    await h.go(2000)
    void h.staff.remove(h.row(1))
    await h.go(15 * MINUTE)
    expect(await h.end()).toEqual([])
    expect(h.questions()).toEqual([])
    return { requests, square: h.square() }
  }
  const start = Date.UTC(2026, 0, 5)
  const usual = await day((now) => start + now)
  expect(usual.square).toEqual(['Ann/+12125550103/y'])
  const YEAR = 365 * 24 * HOUR
  let looks = 0
  // A year ahead and a year back by turns; 1970; an hour back in the middle, as at the end of summer time.
  for (const wall of [
    (now: number) => start + now + (looks++ % 2 ? YEAR : -YEAR),
    () => 0,
    (now: number) => start + now - (now > 30_000 ? HOUR : 0),
  ])
    expect(await day(wall)).toEqual(usual)
})
