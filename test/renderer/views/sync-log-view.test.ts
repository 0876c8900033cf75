import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SyncLogEntry } from '#shared/sync-log.ts'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import type { ScreenBridgeOptions } from '../../support/screen-bridge.ts'

let screen: Screen
afterEach(() => {
  screen.wrapper.unmount()
  vi.useRealTimers()
})
const at = Date.parse('2026-11-20T14:01:00Z')
const LINES: readonly SyncLogEntry[] = [
  { n: 1, at, kind: 'line', connection: 'online' },
  {
    n: 2,
    at: at + 1_000,
    kind: 'request',
    request: 'changedSince',
    about: 0,
    outcome: 'unknown',
    reason: 'timeout',
    came: null,
    ms: 20_000,
  },
]
async function show(options: ScreenBridgeOptions, path = '/sync-log') {
  screen = await mountScreen(path, createFakeBook(), options)
  await vi.dynamicImportSettled()
  await screen.settle()
}
const rows = () => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent.trim())

describe('what happened with Square lately', () => {
  it('is told newest first, in words', async () => {
    await show({ syncLog: LINES })
    expect(rows()[0]).toContain('Asked who changed: no answer to rely on (timeout, 20000 ms)')
    expect(rows()[1]).toContain('Square answers')
  })

  it('is reached from the settings and from what waits', async () => {
    await show({ syncLog: LINES }, '/settings')
    await screen.click('What happened with Square lately')
    expect(screen.path()).toBe('/sync-log')
    await screen.go('/waiting')
    await screen.click('What happened with Square lately')
    expect(screen.path()).toBe('/sync-log')
  })

  it('shows what is new within a second or so', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    await show({ syncLog: LINES.slice(0, 1) })
    expect(rows()).toHaveLength(1)
    screen.bridge.setSyncLog(LINES)
    vi.advanceTimersByTime(1_000)
    await screen.settle()
    expect(rows()).toHaveLength(2)
  })

  it('can be copied as text: a line each, codes as they are', async () => {
    const copied: string[] = []
    vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } })
    await show({ syncLog: LINES })
    await screen.click('Copy all of it')
    vi.unstubAllGlobals()
    expect(copied[0]?.split('\n')).toEqual([
      'Counterfoil 0.1.0',
      '2026-11-20T14:01:00.000Z #1 line connection=online',
      '2026-11-20T14:01:01.000Z #2 request request=changedSince about=0 outcome=unknown reason=timeout ms=20000',
      '',
    ])
    expect(screen.text()).toContain('Copied')
  })

  it.each([
    ['saved', 'Saved.'],
    ['failed', 'could not be written there'],
  ] as const)('can be saved to a file: %s', async (kind, words) => {
    await show({ syncLog: LINES, syncLogExport: { kind } })
    await screen.click('Save to a file')
    expect(screen.text()).toContain(words)
  })

  it('says where nothing happened yet', async () => {
    await show({})
    expect(screen.text()).toContain('Nothing has happened with Square')
  })
})
