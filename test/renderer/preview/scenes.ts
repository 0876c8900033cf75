import type { CustomerFields } from '#shared/customer/customer.ts'
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
  'signed-out': (_, bridge) => bridge.setSync({ paused: { kind: 'signed-out' } }),
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
      remote: changed(book, ANA, { note: 'Comes back in June.' }),
    })
  },
  'merged-delete'(book) {
    book.ask(ANA, { kind: 'merged-delete', remote: changed(book, BEN, { note: 'Merged.' }) })
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
  copied(book) {
    book.edit(ANA, { phoneNumber: '+1 212-555-0177' })
    book.ask(ANA, { kind: 'copied' })
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
