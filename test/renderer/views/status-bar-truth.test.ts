import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BookSummary } from '#renderer/book.ts'
import { announceStore } from '#main/ipc/events.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { setUp, stopAll } from '../../electron/main/sync/engine-fixture.ts'
import { ann, patch, queued, updateOp } from '../../support/builders.ts'
import { failed, fakeGateway, later, OFFLINE, ok } from '../../support/fake-gateway.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import { PRACTICE_SESSION } from '../../support/screen-bridge.ts'

/**
 * S29: a claim of the status bar is gone a second after main knows otherwise. The real engine, the hints of main and
 * the real bar, on one virtual clock.
 */
const SECOND = 1_000
const ANA = '00000000-0000-4000-8000-000000000001'
const SELLER = ok({ merchantId: 'M1', name: 'Shop', country: 'US' })
const NOTE = patch({ note: [null, 'x'] })
const session = {
  ...PRACTICE_SESSION,
  store: { merchantId: 'M1', environment: 'sandbox' },
} as typeof PRACTICE_SESSION
let screen: Screen

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  screen.wrapper.unmount()
  await stopAll()
})

const bar = () => document.querySelector('[role="status"]')?.textContent.replace(/\s+/g, ' ') ?? ''
/** Its picture claims as much as its words. */
const icon = () => document.querySelector('[role="status"] .iconify, [role="status"] svg')?.outerHTML ?? ''

async function day(
  gateway: SquareGateway,
  book: FakeBook = createFakeBook({ customers: [{ givenName: 'Ana' }] }),
) {
  const pc = await setUp(gateway, queued(updateOp('u', 'L1', NOTE, ann())))
  screen = await mountScreen('/customers', book, { session })
  announceStore(
    { store: pc.engine.state().store!, outbox: pc.outbox, engine: pc.engine, setAside: 0 },
    (channel, event) => {
      if (channel === 'sync:state') screen.bridge.setSync(event as never)
    },
    pc.clock,
  )
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      await pc.clock.pass(100)
      vi.advanceTimersByTime(100)
    }
    await screen.settle()
  }
  await pc.begin()
  await pass(SECOND)
  return { ...pc, book, pass }
}

describe('S29 what the status bar says of the line', () => {
  it('is "online" a second after Square has answered, and "offline" a second after a request could not leave', async () => {
    const line = { up: true }
    const gateway = fakeGateway({
      seller: () => (line.up ? SELLER : OFFLINE),
      update: [ok(ann('2', { note: 'x' }))],
    })
    const { engine, pass } = await day(gateway)
    expect(bar()).toContain('Online')
    line.up = false
    await engine.reader()!.seller()
    await pass(SECOND)
    expect(bar()).toMatch(/^Offline/)
    line.up = true
    engine.wake('asked')
    await pass(SECOND)
    expect(bar()).toContain('Online')
  })

  it('is not "online" a second after a request has been quiet for eight', async () => {
    const quiet = later()
    const line = { quiet: false }
    const gateway = fakeGateway({
      seller: () => (line.quiet ? quiet.reply : SELLER),
      update: [ok(ann('2', { note: 'x' }))],
      retrieve: () => quiet.reply,
    })
    const { engine, pass } = await day(gateway)
    line.quiet = true // the probe that follows is not answered either
    void engine.reader()!.retrieve('SQ1')
    await pass(8 * SECOND + SECOND)
    expect(bar()).toContain('Looking for Square')
    expect(bar()).not.toContain('Online')
    quiet.come(ok(ann()))
    await pass(SECOND)
    expect(bar()).toContain('Online')
  })

  it('is not "online" after a sleep before Square has answered again', async () => {
    const quiet = later<never>()
    const line = { quiet: false }
    const gateway = fakeGateway({
      seller: () => (line.quiet ? quiet.reply : SELLER),
      update: [ok(ann('2', { note: 'x' }))],
    })
    const { engine, pass } = await day(gateway)
    expect(bar()).toContain('Online')
    line.quiet = true
    engine.wake('resumed')
    await pass(SECOND)
    expect(bar()).toContain('Looking for Square')
    expect(bar()).not.toContain('Online')
    quiet.come(SELLER as never)
    await pass(SECOND)
    expect(bar()).toContain('Online')
  })

  it('is "signed out" a second after Square refused the token', async () => {
    const gateway = fakeGateway({ update: [failed({ kind: 'signed-out', code: 'UNAUTHORIZED' })] })
    await day(gateway)
    expect(bar()).toContain('Signed out')
  })

  it('is "a short pause" only while Square asked for it', async () => {
    const gateway = fakeGateway({
      update: [failed({ kind: 'rate-limited', retryAfterMs: 5_000 }), ok(ann('2', { note: 'x' }))],
    })
    const { pass } = await day(gateway)
    expect(bar()).toContain('short pause')
    await pass(5 * SECOND)
    expect(bar()).not.toContain('short pause')
  })
})

describe('S29 what the status bar says of what waits', () => {
  it('is "being sent" only while requests leave, or a second after', async () => {
    const answer = later()
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }] })
    book.edit(ANA, { note: 'x' })
    const { pass } = await day(fakeGateway({ update: () => answer.reply }), book)
    expect(bar()).toContain('Online - 1 saved here, being sent')
    // Square fails: the change waits for its next try, up to five minutes.
    answer.come(failed({ kind: 'unknown', reason: 'server-error' }, 1))
    await pass(SECOND)
    expect(bar()).toContain('Online - 1 saved here, to be sent')
  })

  it('does not flicker between two requests', async () => {
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }] })
    book.edit(ANA, { note: 'x' })
    const answer = later()
    await day(fakeGateway({ update: () => answer.reply }), book)
    screen.bridge.setSync({ sending: [] })
    await screen.settle()
    vi.advanceTimersByTime(400)
    await screen.settle()
    expect(bar()).toContain('being sent')
    screen.bridge.setSync({ sending: ['other'] })
    await screen.settle()
    vi.advanceTimersByTime(800)
    await screen.settle()
    expect(bar()).toContain('being sent')
    answer.come(ok(ann('2', { note: 'x' })))
  })

  it('follows what is saved and what has arrived', async () => {
    const { book, pass } = await day(fakeGateway({ update: [ok(ann('2', { note: 'x' }))] }))
    await pass(SECOND)
    expect(bar()).toContain('everything is in Square')
    book.edit(ANA, { note: 'y' })
    await pass(SECOND)
    expect(bar()).toContain('1 saved here')
    expect(bar()).not.toContain('everything is in Square')
    book.ask(ANA, { kind: 'gone' })
    await pass(SECOND)
    expect(bar()).not.toMatch(/everything is in Square|saved here/)
    book.touch(ANA, { question: null, open: [] })
    await pass(SECOND)
    expect(bar()).toContain('everything is in Square')
  })

  it('is nothing before the book is open and has counted, nor where it does not open', async () => {
    const closed = createFakeBook({ customers: [{ givenName: 'Ana' }] })
    let open = () => {}
    let count = () => {}
    const opening = new Promise<void>((resolve) => (open = resolve))
    const slow: FakeBook = {
      ...closed,
      open: () => opening.then(() => closed.open()),
      watchSummary: (listener: (summary: BookSummary) => void) => {
        count = () => void closed.watchSummary(listener)
        return () => {}
      },
    }
    const { pass } = await day(fakeGateway({ update: [ok(ann('2', { note: 'x' }))] }), slow)
    const silent = () => {
      expect(bar()).toContain('Online')
      expect(bar()).not.toMatch(/everything|waits|fetched|directory/)
      expect(icon()).not.toContain('cloud-check')
    }
    silent()
    open()
    await pass(SECOND)
    silent()
    count()
    await pass(SECOND)
    expect(bar()).toContain('everything is in Square')
    expect(bar()).toContain('directory as of')
    // A first load is counted page by page: not read aloud each time.
    const quiet = document.querySelector('[role="status"] [aria-live="off"]')
    expect(quiet?.textContent).toContain('directory as of')
  })

  it('is nothing while the book cannot follow the log', async () => {
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }] })
    const summaries = new Set<(summary: BookSummary) => void>()
    const watched: FakeBook = {
      ...book,
      watchSummary: (listener) => (summaries.add(listener), book.watchSummary(listener)),
    }
    let summary!: BookSummary
    book.watchSummary((now) => (summary = now))
    const { pass } = await day(fakeGateway({ update: [ok(ann('2', { note: 'x' }))] }), watched)
    await pass(SECOND)
    expect(bar()).toContain('everything is in Square')
    const needYou = () => document.body.textContent.includes('2 need you')
    summaries.forEach((tell) => tell({ ...summary, needYou: 2 }))
    await pass(SECOND)
    expect(needYou()).toBe(true)
    summaries.forEach((tell) => tell({ ...summary, needYou: 2, behind: true }))
    await pass(SECOND)
    expect(bar()).toContain('Online')
    expect(bar()).not.toContain('everything is in Square')
    expect(needYou()).toBe(false)
  })

  it('is nothing of another store', async () => {
    await day(fakeGateway({ update: [ok(ann('2', { note: 'x' }))] }))
    expect(bar()).toContain('Online')
    const other = { ...session, store: { merchantId: 'OTHER', environment: 'sandbox' } } as typeof session
    screen.bridge.setSession(other)
    await screen.settle()
    expect(bar()).toContain('Looking for Square')
    expect(bar()).not.toContain('Online')
  })
})

it('S29 an answer of main that is older than its hint does not undo it', async () => {
  screen = await mountScreen('/customers', createFakeBook(), { sync: { connection: 'online' } })
  let answer = () => {}
  const asked = screen.bridge.bridge.invoke['sync:state']
  const slow = new Promise<void>((resolve) => (answer = resolve))
  const old = await asked(null)
  Object.assign(screen.bridge.bridge.invoke, { 'sync:state': () => slow.then(() => old) })
  const other = { ...session, store: { merchantId: 'M2', environment: 'sandbox' } } as typeof session
  screen.bridge.setSession(other)
  await screen.settle()
  screen.bridge.setSync({ connection: 'offline', offlineSince: null })
  answer()
  await screen.settle()
  expect(bar()).toMatch(/^Offline/)
})

it('S29 a time of yesterday stands with its day a second after midnight', async () => {
  let now = new Date(2026, 10, 20, 23, 59, 59)
  const book = createFakeBook({ customers: [{ givenName: 'Ana' }], now: now.toISOString() })
  const sync = { connection: 'offline', offlineSince: new Date(2026, 10, 20, 13, 5).toISOString() } as const
  screen = await mountScreen('/customers', book, { sync }, () => now.toISOString())
  expect(bar()).toMatch(/Offline since \d\d?:\d\d/)
  expect(bar()).not.toContain('20')
  now = new Date(2026, 10, 21, 0, 0, 0)
  vi.advanceTimersByTime(SECOND)
  await screen.settle()
  expect(bar()).toMatch(/Offline since .*20/)
})
