import { describe, expect, it } from 'vitest'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import type { BookSummary } from '#renderer/book.ts'
import { sentenceOf } from '#renderer/composables/useSentence.ts'
import { emptyListSays, whatWaits } from '#renderer/composables/useWhatWaits.ts'
import { createText } from '#renderer/i18n/text.ts'

const { global } = createText()
const words = {
  t: (key: string, values = {}) => global.t(key, values),
  tn: (key: string, n: number, values = {}) => global.t(key, { n, ...values }, n),
  time: (iso: string | null) => iso?.slice(11, 16) ?? '',
}
const online: SyncState = { ...INITIAL_SYNC_STATE, connection: 'online', paused: null }
const summary: BookSummary = {
  total: 3,
  waiting: 0,
  needYou: 0,
  questions: [],
  showEveryConflict: false,
  pull: { kind: 'current', asOf: '2026-11-20T14:02:00Z' },
}
const said = (
  sync: Partial<SyncState>,
  counts: Partial<BookSummary> = {},
  signedOut = false,
  unreadable: number | null = 0,
) => {
  const now = { ...summary, ...counts }
  const waits = whatWaits({ phase: 'open', counted: true, summary: now, unreadable })
  return sentenceOf({ sync: { ...online, ...sync }, waits, pull: now.pull, signedOut, sends: false }, words)
}

describe('the sentence of the status bar', () => {
  it('says that everything is in Square, and how old the directory is', () => {
    expect(said({})).toMatchObject({
      words: 'Online - everything is in Square',
      directory: 'directory as of 14:02',
    })
  })
  it('says since when the line is down and that what waits will be sent', () => {
    const offline = { connection: 'offline', offlineSince: '2026-11-20T13:05:00Z' } as const
    expect(said(offline, { waiting: 4 }).words).toBe('Offline since 13:05 - 4 saved here, they will be sent')
    expect(said(offline, { waiting: 1 }).words).toBe('Offline since 13:05 - 1 saved here, it will be sent')
    expect(said(offline).words).toBe('Offline since 13:05 - nothing waits')
  })
  it.each([
    ['clock', /^Check this PC’s date and time/],
    ['tls', /^No safe way to Square here/],
  ] as const)(
    'S29 says what keeps Square away where it is not the line, and what is kept: %s',
    (cause, why) => {
      const offline = { connection: 'offline', offlineCause: cause } as const
      expect(said(offline, { waiting: 4 })).toMatchObject({ tone: 'warning', icon: 'alert' })
      expect(said(offline, { waiting: 4 }).words).toMatch(why)
      expect(said(offline, { waiting: 4 }).words).toMatch(/ - 4 saved here, they will be sent$/)
      expect(said(offline).words).toMatch(/ - nothing waits$/)
      expect(said({ offlineCause: null, connection: 'offline' }).words).toMatch(/^Offline/)
    },
  )
  it('does not claim that everything is in Square while a person is needed', () => {
    expect(said({}, { needYou: 1 }).words).toBe('Online')
  })
  it('S15 nor that nothing waits while records of the log cannot be read', () => {
    for (const unreadable of [1, null]) {
      expect(said({}, {}, false, unreadable)).toMatchObject({ words: 'Online', icon: 'cloud' })
      expect(said({ connection: 'offline' }, {}, false, unreadable).words).toBe('Offline')
      expect(said({}, { waiting: 2 }, false, unreadable).words).toBe('Online - 2 saved here, to be sent')
      expect(said({ connection: 'offline' }, { waiting: 2 }, false, unreadable).words).toContain(
        '2 saved here',
      )
    }
  })
  it('nor that nothing waits while a question does', () => {
    expect(said({ connection: 'offline' }, { needYou: 1 }).words).toBe('Offline')
  })
  const PAUSES = [
    [{ kind: 'signed-out' }, /Signed out/, 'waiting, safe here'],
    [{ kind: 'forbidden', missing: 'CUSTOMERS_WRITE' }, /CUSTOMERS_WRITE/, 'waiting, safe here'],
    [{ kind: 'log-unwritable' }, /cannot save.*IT/, 'waiting, safe here'],
    [{ kind: 'safe-mode' }, /Safe mode, nothing is sent/, 'waiting, safe here'],
    [{ kind: 'rate-limited' }, /short pause/, 'waiting, sending goes on by itself'],
    [{ kind: 'starting' }, /Looking for Square/, 'waiting'],
  ] as const
  it.each(PAUSES)('says in words why nothing is sent, and how many wait: %o', (paused, expected, waiting) => {
    expect(said({ paused }, { waiting: 3 }).words).toMatch(expected)
    expect(said({ paused }, { waiting: 3 }).words).toContain(` - 3 ${waiting}`)
    expect(said({ paused }).words).toContain(' - nothing waits')
  })
  it.each(PAUSES)('S29 says of what waits nothing that is not known, but that it is safe: %o', (paused) => {
    for (const now of [
      said({ paused }, { waiting: 3, behind: true }),
      said({ paused }, {}, false, 1),
      said({ paused }, { needYou: 1 }),
    ])
      expect(now.words).toMatch(/Looking for Square$|everything saved is safe here|goes on by itself/)
    expect(said({ paused }, { waiting: 3, behind: true }).words).not.toContain('waiting')
  })
  it('tells how many wait also before Square has answered', () => {
    expect(said({ connection: 'unknown' }, { waiting: 2 }).words).toBe('Looking for Square - 2 waiting')
  })
  it('offers to sign in when the token expired, also while offline', () => {
    expect(said({ connection: 'offline' }, {}, true)).toMatchObject({ signIn: true, tone: 'warning' })
  })
  it('S29 is said by the page of what waits only where the bar may say it too', () => {
    const empty = (unreadable: number | null, counts: Partial<BookSummary> = {}) =>
      emptyListSays(
        whatWaits({ phase: 'open', counted: true, summary: { ...summary, ...counts }, unreadable }),
      )
    expect(empty(0)).toBe('everything-in')
    expect(empty(3)).toBe('else-nothing')
    expect(empty(null)).toBe('looking')
    expect(empty(0, { waiting: 1 })).toBe('looking')
    expect(empty(0, { needYou: 1 })).toBe('looking')
    expect(empty(0, { behind: true })).toBe('behind')
    for (const phase of ['closed', 'opening', 'failed'] as const)
      expect(emptyListSays(whatWaits({ phase, counted: true, summary, unreadable: 0 }))).toBe('looking')
    expect(emptyListSays(whatWaits({ phase: 'open', counted: false, summary, unreadable: 0 }))).toBe(
      'looking',
    )
  })
  it('tells how far the first load has come', () => {
    expect(said({}, { pull: { kind: 'loading', got: 1200, of: 10_000 } }).directory).toBe(
      'Fetching customers: 1200 of 10000',
    )
    expect(said({}, { pull: { kind: 'loading', got: 1200, of: null } }).directory).toBe(
      'Fetching customers: 1200',
    )
  })
  it('tells the age of a stale directory', () => {
    expect(
      said({}, { pull: { kind: 'stale', asOf: '2026-11-20T09:00:00Z', why: 'failed' } }).directory,
    ).toContain('as of 09:00')
    expect(said({}, { pull: { kind: 'stale', asOf: null, why: 'offline' } }).directory).toContain(
      'not been fetched',
    )
  })
  it('S29 says how many customers are here where the first load stopped, not that none were fetched', () => {
    const stopped = (of: number | null) =>
      said({}, { pull: { kind: 'stale', asOf: null, why: 'offline', first: { got: 300, of } } }).directory
    expect(stopped(400)).toBe('Customers fetched so far: 300 of 400')
    expect(stopped(null)).toBe('Customers fetched so far: 300')
  })
})
