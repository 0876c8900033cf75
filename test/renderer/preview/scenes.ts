import type { CustomerFields } from '#shared/customer/customer.ts'
import { ourId, type SyncLogFact } from '#shared/sync-log.ts'
import type { FakeBook } from '../../support/fake-book.ts'
import type { ScreenBridge } from '../../support/screen-bridge.ts'

/** The local id the fake book gives its first, second, … customer. */
export const idOf = (nth: number) => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`
const ANA = idOf(1)
const BEN = idOf(2)

function changed(book: FakeBook, localId: string, fields: Partial<CustomerFields>) {
  const remote = book.get(localId).remote
  if (!remote) throw new Error('not in Square')
  return book.remoteOf(remote.id, { ...remote.fields, ...fields }, '2')
}
function conflict(book: FakeBook) {
  book.edit(ANA, {
    phoneNumber: '+1 212-555-0177',
    nickname: 'Annie',
    note: 'Oat milk.\nPays the team’s coffees on Thursdays.',
    address: {
      addressLine1: '12 Harbor Street',
      addressLine2: 'Flat 3',
      locality: 'Portland',
      postalCode: '04102',
      country: 'US',
    },
  })
  book.ask(ANA, {
    kind: 'conflict',
    why: 'overlap',
    remote: changed(book, ANA, {
      phoneNumber: '+1 212-555-0199',
      note: 'Soy milk, no sugar.\nPays the team’s coffees on Mondays.',
      address: {
        addressLine1: '8 Chapel Lane',
        locality: 'Portland',
        administrativeDistrictLevel1: 'ME',
        postalCode: '04103',
        country: 'US',
      },
    }),
  })
}

/** A morning with a line that goes down. */
function syncLogLines() {
  const op = ourId(ANA)
  const request = { kind: 'request', about: 1, outcome: 'ok', reason: null, came: null, ms: 214 } as const
  const facts: readonly SyncLogFact[] = [
    { kind: 'opened', environment: 'production', open: 2 },
    { ...request, request: 'seller', about: 0 },
    { kind: 'line', connection: 'online' },
    { kind: 'pause', pause: null },
    { ...request, request: 'changedSince', about: 0, came: 12, ms: 1_402 },
    { kind: 'promised', op, what: 'update' },
    { kind: 'sent', op, attempt: 1 },
    { ...request, request: 'update', outcome: 'refused' },
    {
      kind: 'answered',
      op,
      attempt: 1,
      answer: 'refused',
      code: 'INVALID_PHONE_NUMBER',
      field: 'phoneNumber',
    },
    { kind: 'asks', op, question: 'refused' },
    { ...request, request: 'bulkUpdate', about: 50, came: 50 },
    { ...request, request: 'retrieve', outcome: 'unknown', reason: 'timeout', ms: 20_000 },
    { kind: 'line', connection: 'offline' },
    { kind: 'withdrawn', count: 1, why: 'discard', reason: 'mistake' },
    { kind: 'not-promised', why: 'disk-low' },
    { kind: 'pause', pause: 'rate-limited' },
  ]
  return facts.map((fact, i) => ({ n: i + 1, at: Date.now() - (facts.length - i) * 7_000, ...fact }))
}

/** For scenes that need no bridge. */
const NO_BRIDGE = {} as ScreenBridge

const SCENES: Record<string, (book: FakeBook, bridge: ScreenBridge) => void> = {
  start: (_, bridge) => bridge.setSession({ kind: 'none' }),
  empty: () => undefined,
  day(book) {
    book.merged(ANA, ['nickname'], ['phoneNumber', 'note'])
    book.edit(BEN, { phoneNumber: '+1 212-555-0111' })
    conflict(book)
    book.edit(idOf(5), { note: 'お得意様' })
  },
  offline(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ connection: 'offline', offlineSince: new Date().toISOString() })
    book.setPull({ kind: 'stale', asOf: new Date().toISOString(), why: 'offline' })
  },
  'wrong-clock'(book, bridge) {
    SCENES.waiting?.(book, bridge)
    bridge.setSync({ connection: 'offline', offlineCause: 'clock' })
  },
  intercepted(book, bridge) {
    SCENES.waiting?.(book, bridge)
    bridge.setSync({ connection: 'offline', offlineCause: 'tls' })
  },
  'signed-out': (_, bridge) => bridge.setSync({ paused: { kind: 'signed-out' } }),
  'signed-out-day'(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ paused: { kind: 'signed-out' } })
  },
  forbidden(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ paused: { kind: 'forbidden', missing: 'CUSTOMERS_WRITE' } })
  },
  'looking-for-square'(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ connection: 'unknown' })
  },
  'short-pause'(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ paused: { kind: 'rate-limited' } })
  },
  'unwritable-day'(book, bridge) {
    SCENES.day?.(book, bridge)
    bridge.setSync({ paused: { kind: 'log-unwritable' } })
  },
  'signed-out-waiting'(book, bridge) {
    SCENES.waiting?.(book, bridge)
    bridge.setSession({
      kind: 'connected',
      store: { merchantId: 'M1', environment: 'production' },
      seller: { name: 'Corner Roastery', country: 'US' },
      token: 'expired',
    })
    bridge.setSync({ paused: { kind: 'signed-out' } })
  },
  full: (book, bridge) => {
    book.setUnwritable('disk-full')
    bridge.setSync({ paused: { kind: 'log-unwritable' } })
  },
  'disk-low': (_, bridge) => bridge.setStorage({ room: 'low', freeBytes: 412_000_000 }),
  'disk-none': (_, bridge) => bridge.setStorage({ room: 'none', freeBytes: 96_000_000, setAside: 2 }),
  'safe-mode'(_, bridge) {
    bridge.setStorage({ safeMode: true })
    bridge.setSync({ connection: 'unknown', paused: { kind: 'safe-mode' } })
  },
  loading(book) {
    book.touch(ANA, { loading: true })
    book.setPull({ kind: 'loading', got: 1200, of: 10000 })
  },
  conflict,
  'in-doubt'(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-0177' })
    book.ask(ANA, { kind: 'conflict', why: 'in-doubt', remote: changed(book, ANA, { nickname: 'A.' }) })
  },
  gone(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-0177' })
    book.ask(ANA, { kind: 'gone' })
  },
  'delete-changed'(book) {
    book.ask(ANA, {
      kind: 'delete-changed',
      why: 'changed',
      remote: changed(book, ANA, {
        phoneNumber: '+1 212-555-0199',
        nickname: null,
        birthday: '1980-03-07',
        note: 'Oat milk.\nComes back in June.',
        address: {
          addressLine1: '8 Chapel Lane',
          locality: 'Portland',
          administrativeDistrictLevel1: 'ME',
          postalCode: '04103',
          country: 'US',
        },
      }),
    })
  },
  'delete-brought-back'(book) {
    const remote = { ...changed(book, ANA, {}), groupIds: ['G1'], creationSource: 'DELETION_RECOVERY' }
    book.ask(ANA, { kind: 'delete-changed', why: 'changed', remote })
  },
  'delete-lost'(book) {
    const remote = { ...changed(book, BEN, {}), creationSource: 'DELETION_RECOVERY' }
    book.touch(BEN, { remote })
    book.ask(BEN, { kind: 'delete-changed', why: 'changed', remote: { ...remote, version: '3' } })
  },
  'delete-long'(book) {
    book.touch(BEN, {
      remote: changed(book, BEN, { givenName: 'W'.repeat(255), note: 'Liefert montags. '.repeat(20) }),
    })
    book.ask(BEN, {
      kind: 'delete-changed',
      why: 'keeps-changing',
      remote: changed(book, BEN, {
        emailAddress: 'only.an.email.address.that.is.quite.long.indeed@subdomain.of.a.long.example.org',
        companyName: 'Kaffeespezialitätenhandelsgesellschaft'.repeat(4),
        note: 'Liefert montags. '.repeat(18) + 'Nur noch freitags anliefern. '.repeat(12),
      }),
    })
  },
  'delete-arabic'(book) {
    book.ask(idOf(3), {
      kind: 'delete-changed',
      why: 'changed',
      remote: changed(book, idOf(3), {
        familyName: 'الحربي',
        phoneNumber: '+966 50 123 4599',
        note: 'تحب القهوة العربية مع التمر',
      }),
    })
  },
  damaged(book) {
    setTimeout(() => book.foundDamaged(2), 500)
  },
  joined(book) {
    // Told when the window listens.
    setTimeout(() => book.joined(ANA, { givenName: 'Anna', familyName: 'Ruiz-Vega' }, true), 500)
  },
  'merged-delete'(book) {
    book.ask(ANA, { kind: 'merged-delete', remote: changed(book, BEN, { note: 'Oat milk.\nMerged.' }) })
  },
  'create-duplicate'(book) {
    book.ask(ANA, {
      kind: 'create-duplicate',
      candidates: [changed(book, ANA, { familyName: 'Ruiz Vega' }), changed(book, BEN, {})],
    })
  },
  'create-unknown'(book) {
    book.ask(ANA, { kind: 'create-unknown', candidates: [changed(book, ANA, {})] })
  },
  refused(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-01777777', nickname: 'Annie' })
    book.ask(ANA, {
      kind: 'refused',
      refusal: {
        code: 'INVALID_PHONE_NUMBER',
        field: 'phoneNumber',
        detail: 'Expected phone_number to be a valid phone number',
      },
    })
  },
  waiting(book) {
    SCENES.refused?.(book, NO_BRIDGE)
    book.edit(idOf(8), {
      note: 'Liefert montags.',
      companyName: 'Gesellschaft mit sehr langem Namen. '.repeat(3),
    })
    book.edit(idOf(3), { nickname: 'أم خالد', emailAddress: 'fatima@example.sa' })
    book.ask(idOf(3), {
      kind: 'conflict',
      why: 'in-doubt',
      remote: changed(book, idOf(3), { nickname: 'فاطمة' }),
    })
    book.tried(idOf(3), 1, 'lost')
    book.edit(BEN, { phoneNumber: '+1 212-555-0111', note: 'Back in June' })
    book.tried(BEN, 3, 'not-sent')
    book.edit(BEN, { nickname: 'Benny' })
    book.edit(idOf(4), { note: 'לקוחה ותיקה' })
    book.tried(idOf(4), 1, 'lost')
  },
  'waiting-offline'(book, bridge) {
    SCENES.waiting?.(book, bridge)
    bridge.setSync({ connection: 'offline', offlineSince: new Date().toISOString() })
  },
  'waiting-signed-out'(book, bridge) {
    SCENES.waiting?.(book, bridge)
    bridge.setSync({ paused: { kind: 'signed-out' } })
  },
  discarded(book) {
    const reason = { code: 'other', words: 'She came back and gave us the right number' } as const
    const { history } = book.get(BEN)
    const item = { at: new Date().toISOString(), combined: [], undoable: false } as const
    book.touch(BEN, {
      history: [
        { ...item, opId: 'd1', kind: 'discarded', fields: ['phoneNumber', 'note'], reason },
        { ...item, opId: 'd2', kind: 'discarded', fields: [], reason: { code: 'mistake', words: null } },
        ...history,
      ],
    })
  },
  sweeping: (book) =>
    book.setPull({
      kind: 'current',
      asOf: new Date().toISOString(),
      sweep: { got: 1200, of: 10000 },
      unreadable: 2,
    }),
  retried(book, bridge) {
    SCENES.waiting?.(book, bridge)
    const at = new Date(Date.now() + 110_000).toISOString()
    bridge.setSync({ retries: Object.fromEntries(book.get(BEN).open.map(({ id }) => [id, at])) })
  },
  'sync-log': (_, bridge) => bridge.setSyncLog(syncLogLines()),
  'waiting-unreadable': (_, bridge) => bridge.setStorage({ setAside: 2 }),
  'waiting-behind': (book) => book.setBehind(true),
  'waiting-failed'(book) {
    book.edit(BEN, { nickname: 'Benny' })
    book.setUnreadable(true)
  },
  copied(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-0177' })
    book.ask(ANA, { kind: 'copied' })
  },
  'copied-deletion'(book) {
    book.edit(ANA, { note: null })
    book.touch(ANA, { open: book.get(ANA).open.map((op) => ({ ...op, kind: 'delete', patch: {} })) })
    book.ask(ANA, { kind: 'copied' })
  },
  'arabic-conflict'(book) {
    const fatima = idOf(3)
    book.edit(fatima, { familyName: 'الزهراوي', note: 'تفضّل القهوة العربية بدون سكر' })
    book.ask(fatima, {
      kind: 'conflict',
      why: 'overlap',
      remote: changed(book, fatima, {
        familyName: 'الزهرانية',
        note: 'تفضّل القهوة التركية مع سكر قليل',
      }),
    })
  },
  orphan(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-0177' })
    book.ask(ANA, { kind: 'orphan' })
  },
  unbroken(book) {
    book.edit(BEN, {
      companyName: 'Kaffeespezialitätenhandelsgesellschaft'.repeat(4),
      note: 'https://example.com/' + 'a1b2c3d4e5'.repeat(30),
    })
  },
  'unbroken-name': (book) => book.edit(BEN, { givenName: 'W'.repeat(255) }),
  'long-conflict'(book) {
    const long = idOf(8)
    book.edit(long, { phoneNumber: '+49 30 901855', note: 'Liefert montags. '.repeat(20) })
    book.ask(long, {
      kind: 'conflict',
      why: 'overlap',
      remote: changed(book, long, {
        phoneNumber: '030 901844',
        note: 'Nur noch freitags anliefern. '.repeat(12),
      }),
    })
  },
  'draft-behind'(book, bridge) {
    SCENES.draft?.(book, bridge)
    book.touch(BEN, { remote: changed(book, BEN, { phoneNumber: '+1 212-555-0166', nickname: 'Big Ben' }) })
  },
  draft(book) {
    const shown = book.get(BEN).remote?.fields
    if (!shown) return
    const form = {
      opId: 'draft-1',
      localId: BEN,
      isNew: false,
      shown,
      squareId: null,
      basis: null,
      seen: { fields: shown },
    }
    void book.keepDraft({ form, fields: { ...shown, nickname: 'Benny' }, keptAt: new Date().toISOString() })
  },
}
export const SCENE_NAMES = Object.keys(SCENES)

/** Sets the fake book and bridge up for one scene. */
export function play(scene: string, book: FakeBook, bridge: ScreenBridge): void {
  SCENES[scene]?.(book, bridge)
}
