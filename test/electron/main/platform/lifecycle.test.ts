import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { claimSingleInstance, finishBeforeQuit } from '#main/platform/lifecycle.ts'
import { menuTemplate } from '#main/platform/menu.ts'
import { pageLocation } from '#main/platform/page-location.ts'
import { onWakeSignals } from '#main/platform/wake-signals.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('single instance', () => {
  it('a second start shows the window of the first', () => {
    const app = Object.assign(new EventEmitter(), { requestSingleInstanceLock: () => true })
    let shown = 0
    expect(claimSingleInstance(app as never, () => (shown += 1))).toBe(true)
    app.emit('second-instance')
    expect(shown).toBe(1)
  })
  it('the second one is told to end', () => {
    const app = Object.assign(new EventEmitter(), { requestSingleInstanceLock: () => false })
    expect(claimSingleInstance(app as never, () => undefined)).toBe(false)
    expect(app.listenerCount('second-instance')).toBe(0)
  })
})

describe('quitting', () => {
  function quitting(finish: () => Promise<void>) {
    const quits: string[] = []
    const sleeps: number[] = []
    let wakeUp = () => {}
    const app = Object.assign(new EventEmitter(), { quit: () => void quits.push('quit') })
    const { log, lines } = recordingLog()
    const sleep = (ms: number) => {
      sleeps.push(ms)
      return new Promise<void>((resolve) => (wakeUp = resolve))
    }
    finishBeforeQuit({ app: app as never, clock: { sleep }, log, finish })
    const ask = () => {
      let held = false
      app.emit('before-quit', { preventDefault: () => (held = true) })
      return held ? 'held' : 'free'
    }
    return { ask, quits, sleeps, lines, wakeUp: () => wakeUp() }
  }

  it('is held until the work is finished, which runs once', async () => {
    let runs = 0
    let done = () => {}
    const { ask, quits } = quitting(() => {
      runs += 1
      return new Promise((resolve) => (done = resolve))
    })
    expect([ask(), ask()]).toEqual(['held', 'held'])
    await settle()
    expect([runs, quits]).toEqual([1, []])
    done()
    await settle()
    expect(quits).toEqual(['quit'])
    expect([ask(), runs]).toEqual(['free', 1])
  })

  it('waits at most five seconds for it', async () => {
    const { ask, quits, sleeps, wakeUp } = quitting(() => new Promise(() => {}))
    ask()
    expect(sleeps).toEqual([5_000])
    wakeUp()
    await settle()
    expect([quits, ask()]).toEqual([['quit'], 'free'])
  })

  it('goes on where the work breaks, and notes it without its message', async () => {
    const { ask, quits, lines } = quitting(() => Promise.reject(new RangeError('Ada')))
    ask()
    await settle()
    expect(quits).toEqual(['quit'])
    expect(lines).toEqual([['error', 'quit.failed', { error: 'RangeError' }]])
  })
})

it('waking up and unlocking the PC are reasons to look at the line again', () => {
  const powerMonitor = new EventEmitter()
  let wakes = 0
  onWakeSignals(powerMonitor as never, () => (wakes += 1))
  powerMonitor.emit('resume')
  powerMonitor.emit('unlock-screen')
  powerMonitor.emit('suspend')
  expect(wakes).toBe(2)
})

describe('page location', () => {
  const at = (isPackaged: boolean, devServerUrl?: string) =>
    pageLocation({ bundleFolder: '/app/out/main', isPackaged, devServerUrl })

  it('is the packed page under our origin', () => {
    expect(at(false)).toMatchObject({
      url: 'app://counterfoil/index.html',
      origin: 'app://counterfoil',
      isDevServer: false,
    })
    expect(at(true).preload).toMatch(/out.preload.index\.cjs$/)
    expect(at(true).folder).toMatch(/out.renderer$/)
  })
  it('is the dev server only in development and only on this machine', () => {
    expect(at(false, 'http://localhost:5173')).toMatchObject({
      origin: 'http://localhost:5173',
      isDevServer: true,
    })
    expect(at(true, 'http://localhost:5173').isDevServer).toBe(false)
    expect(at(false, 'http://example.com:5173').isDevServer).toBe(false)
    expect(at(false, 'https://localhost.example.com').isDevServer).toBe(false)
  })
})

describe('menu', () => {
  const roles = (platform: NodeJS.Platform, devTools: boolean) =>
    JSON.stringify(menuTemplate({ platform, devTools }))
  it('offers reload and DevTools to developers only', () => {
    expect(roles('linux', false)).not.toMatch(/reload|DevTools/i)
    expect(roles('linux', true)).toMatch(/toggleDevTools/)
  })
  it('has larger text everywhere, and the keys macOS needs', () => {
    expect(roles('win32', false)).toMatch(/zoomIn.*zoomOut/)
    expect(roles('darwin', false)).toMatch(/appMenu.*editMenu.*windowMenu/)
  })
})
