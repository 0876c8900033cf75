import { afterEach, describe, expect, it } from 'vitest'
import type { ExportResult, ImportRefusal, ImportResult } from '#shared/storage.ts'
import { BookRefused } from '#renderer/book.ts'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import type { ScreenBridgeOptions } from '../../support/screen-bridge.ts'

let screen: Screen | null = null
afterEach(() => screen?.wrapper.unmount())

const open = async (path: string, options: ScreenBridgeOptions = {}, book = createFakeBook()) =>
  (screen = await mountScreen(path, book, options))
const asked = (channel: string) => screen!.bridge.calls.filter((call) => call.channel === channel).length

describe('what is said above the list', () => {
  it('nothing while there is room', async () => {
    expect((await open('/customers')).text()).not.toContain('disk of this PC')
  })
  it('S1 the disk is nearly full: how much is left, and when saving will stop', async () => {
    const { text } = await open('/customers', { storage: { room: 'low', freeBytes: 412_000_000 } })
    expect(text()).toContain('nearly full: 412 MB are left')
  })
  it('S1 the disk is full', async () => {
    const { text } = await open('/customers', { storage: { room: 'none', freeBytes: 96_000_000 } })
    expect(text()).toContain('full: 96 MB are left, too little to save anything new')
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('96 MB')
  })
  it('S15 something in the log was kept aside', async () => {
    expect((await open('/customers', { storage: { setAside: 1 } })).text()).toContain(
      '1 entry in the file of this PC',
    )
  })
  it('S24 safe mode: in the sentence and in words, with the way out', async () => {
    const { text, click } = await open('/customers', {
      storage: { safeMode: true },
      sync: { paused: { kind: 'safe-mode' } },
    })
    expect(text()).toContain('Safe mode, nothing is sent')
    expect(text()).toContain('ended unexpectedly three times in a row')
    await click('Start normally')
    expect(asked('app:restart')).toBe(1)
  })
})

describe('S25 a book that does not open', () => {
  const broken = (reason: BookRefused['reason']) => ({
    ...createFakeBook(),
    open: () => Promise.reject(new BookRefused(reason)),
  })
  it('main is told, and what it does is said', async () => {
    const { text } = await open('/customers', { repair: 'restarting' }, broken('unreadable'))
    expect(asked('storage:directory')).toBe(1)
    expect(text()).toContain('Counterfoil starts again by itself')
    expect(text()).not.toContain('Try again')
  })
  it('a full disk is named, and it can be tried again', async () => {
    const { text } = await open('/customers', { repair: 'disk-low' }, broken('unreadable'))
    expect(text()).toContain('The disk of this PC is full: the customer book cannot be read')
    expect(text()).toContain('Try again')
  })
  it('nothing more can be done: what is safe, and what to do', async () => {
    const { text } = await open('/customers', { repair: 'tried' }, broken('unreadable'))
    expect(text()).toContain('Nothing was deleted')
  })
  it.each(['answerDrafts', 'drafts'] as const)(
    'so is one that opens and whose %s cannot be read',
    async (what) => {
      let closed = 0
      const book = {
        ...createFakeBook(),
        [what]: () => Promise.reject(new BookRefused('unreadable')),
        close: () => Promise.resolve(void (closed += 1)),
      }
      const { text } = await open('/customers', { repair: 'restarting' }, book)
      expect(asked('storage:directory')).toBe(1)
      expect(text()).toContain('Counterfoil starts again by itself')
      // Nobody uses it any more: what is opened next is another one.
      expect(closed).toBe(1)
    },
  )
  it('one of a newer version is nothing to repair', async () => {
    await open('/customers', {}, broken('newer'))
    expect(asked('storage:directory')).toBe(0)
  })
  it('a book that opened is reported, so that the count begins anew', async () => {
    await open('/customers')
    expect(screen!.bridge.calls.find(({ channel }) => channel === 'storage:directory')?.request).toEqual({
      opened: true,
    })
  })
})

describe('the settings', () => {
  it('say where things are, how large, and whether they are kept', async () => {
    const { text } = await open('/settings')
    for (const words of [
      '/home/till/.config/counterfoil',
      '42 GB',
      '340 kB',
      '48 MB',
      'The system has promised',
    ])
      expect(text()).toContain(words)
  })
  it('say what is not known', async () => {
    const { text } = await open('/settings', { storage: { freeBytes: null, logBytes: null } })
    expect(text()).toContain('not known')
  })
  it.each<[ExportResult, string]>([
    [{ kind: 'saved', operations: 3, setAside: 0 }, '3 changes were saved to the file'],
    [{ kind: 'saved', operations: 3, setAside: 1 }, '1 damaged entry was kept aside and is not in the file'],
    [{ kind: 'nothing', setAside: 0 }, 'there is nothing to save'],
    [{ kind: 'nothing', setAside: 2 }, '2 damaged entries were kept aside and may be changes'],
    [{ kind: 'failed', reason: 'not-writable' }, 'could not be written there'],
    [{ kind: 'failed', reason: 'no-store' }, 'No store is open'],
  ])('save what is unsent: %j', async (exported, words) => {
    const { click, text } = await open('/settings', { exported })
    await click('Save what is not sent to a file')
    expect(text()).toContain(words)
  })
  it.each<[ImportResult, string]>([
    [{ kind: 'imported', added: 1, known: 0 }, '1 change was taken in'],
    [{ kind: 'imported', added: 2, known: 3 }, '3 were here already'],
    [{ kind: 'imported', added: 0, known: 3 }, 'Nothing was taken in: all of it'],
    ...(
      [
        'not-ours',
        'damaged',
        'newer',
        'wrong-store',
        'too-large',
        'unreadable',
        'no-store',
        'not-ready',
        'safe-mode',
        'disk-low',
        'unwritable',
      ] as const satisfies readonly ImportRefusal[]
    ).map((reason): [ImportResult, string] => [{ kind: 'refused', reason }, 'Nothing was taken in']),
  ])('take a file in: %j', async (imported, words) => {
    const { click, text } = await open('/settings', { imported })
    await click('Take in a file of unsent work')
    expect(text()).toContain(words)
  })
  it('S15 do not say that nothing waits while records of the log cannot be read', async () => {
    const { click, text } = await open('/settings', { exported: { kind: 'nothing', setAside: 1 } })
    await click('Save what is not sent to a file')
    expect(text()).not.toContain('there is nothing to save')
  })
  it('keep the focus on the button while a file is chosen, and do not ask twice', async () => {
    const { bridge, button, settle, text } = await open('/settings')
    let chosen = () => {}
    const choosing = new Promise<void>((resolve) => (chosen = resolve))
    const ask = bridge.bridge.invoke['storage:import']
    Object.assign(bridge.bridge.invoke, { 'storage:import': () => choosing.then(() => ask(null)) })
    const take = button('Take in a file of unsent work')
    take.focus()
    take.click()
    await settle()
    for (const name of ['Take in a file of unsent work', 'Save what is not sent to a file']) {
      expect(button(name).hasAttribute('disabled')).toBe(false) // it would lose the focus
      expect(button(name).getAttribute('aria-disabled')).toBe('true')
      button(name).click()
    }
    await settle()
    expect(asked('storage:export')).toBe(0)
    chosen()
    await settle()
    expect(asked('storage:import')).toBe(1)
    expect(text()).toContain('2 changes were taken in')
    expect(document.activeElement).toBe(take)
  })
  it('say nothing where the person changed their mind', async () => {
    const { click, text } = await open('/settings', {
      exported: { kind: 'cancelled' },
      imported: { kind: 'cancelled' },
    })
    const before = text()
    await click('Save what is not sent to a file')
    await click('Take in a file of unsent work')
    expect(text()).toBe(before)
  })
})
