import { EventEmitter } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readWindowSize } from '#main/platform/window-bounds.ts'
import { createReloadLimit, openMainWindow } from '#main/platform/windows.ts'
import { recordingLog } from '../../../support/recording-log.ts'

let folder: string
let sizeFile: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-window-'))
  sizeFile = join(folder, 'window.json')
})
// The size of the window is still being written when a test ends.
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

async function open() {
  const calls: string[] = []
  const sent: unknown[][] = []
  let options: BrowserWindowConstructorOptions = {}
  let now = 0
  let isDestroyed = false
  const contents = Object.assign(new EventEmitter(), {
    send: (...args: unknown[]) => void sent.push(args),
    reload: () => void calls.push('reload'),
    isDestroyed: () => isDestroyed,
  })
  const note = (what: string) => () => void calls.push(what)
  const window = Object.assign(new EventEmitter(), {
    webContents: contents,
    loadURL: async (url: string) => void calls.push(`load ${url}`),
    show: note('show'),
    hide: note('hide'),
    focus: note('focus'),
    maximize: note('maximize'),
    restore: note('restore'),
    isMinimized: () => false,
    isMaximized: () => true,
    isDestroyed: () => isDestroyed,
    getNormalBounds: () => ({ x: 5, y: 6, width: 1000, height: 700 }),
  })
  const { log, lines } = recordingLog()
  const main = openMainWindow({
    createWindow: (given) => {
      options = given
      return window as never
    },
    dialog: {
      showMessageBox: async () => {
        calls.push('dialog')
        return { response: 0, checkboxChecked: false }
      },
    },
    nativeTheme: { shouldUseDarkColors: true },
    pageUrl: 'app://counterfoil/index.html',
    preload: '/preload/index.cjs',
    devTools: false,
    size: await readWindowSize(sizeFile),
    sizeFile,
    clock: { monotonic: () => now },
    log,
    onClosed: note('closed'),
  })
  const close = () => {
    let prevented = false
    window.emit('close', { preventDefault: () => (prevented = true) })
    return prevented
  }
  return {
    main,
    window,
    contents,
    calls,
    sent,
    options,
    lines,
    close,
    pass: (ms: number) => (now += ms),
    destroy: () => (isDestroyed = true),
  }
}

describe('main window', () => {
  it('is locked down', async () => {
    const { options } = await open()
    expect(options).toMatchObject({ minWidth: 800, minHeight: 600, show: false, backgroundColor: '#1b1a17' })
    expect(options.webPreferences).toEqual({
      preload: '/preload/index.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    })
  })

  it('is shown at its first paint, and says so', async () => {
    const { main, window, calls } = await open()
    expect(calls).toEqual([])
    main.load()
    expect(calls).toEqual(['load app://counterfoil/index.html'])
    window.emit('ready-to-show')
    await main.painted
    expect(calls.at(-1)).toBe('show')
  })

  it('does not keep anyone waiting for a page that failed to load', async () => {
    const { main, contents, lines } = await open()
    contents.emit('did-fail-load', {}, -6)
    await main.painted
    expect(lines).toEqual([['error', 'window.load-failed', { code: -6 }]])
  })

  it('is hidden, not destroyed, when it is closed, until the app quits', async () => {
    const { main, calls, close } = await open()
    expect(close()).toBe(true)
    expect(calls.slice(-2)).toEqual(['hide', 'closed'])
    main.release()
    expect(close()).toBe(false)
  })

  it('remembers its size, and opens maximised where it was left so', async () => {
    const first = await open()
    first.close()
    await vi.waitFor(async () => {
      expect(JSON.parse(await readFile(sizeFile, 'utf8'))).toEqual({
        width: 1000,
        height: 700,
        maximized: true,
      })
    })
    const { options, window, calls } = await open()
    expect(options).toMatchObject({ width: 1000, height: 700 })
    window.emit('ready-to-show')
    expect(calls).toContain('maximize')
  })

  it.each(['', '{}', 'null', '[]', '{"width":"x","height":1}', '{"width":1e9,"height":700}'])(
    'opens in its usual size where the file says %j',
    async (content) => {
      await writeFile(sizeFile, content)
      expect(await readWindowSize(sizeFile)).toEqual({ width: 1180, height: 780, maximized: false })
    },
  )

  it('never opens smaller than its least size', async () => {
    await writeFile(sizeFile, '{"width":100,"height":90}')
    expect(await readWindowSize(sizeFile)).toEqual({ width: 800, height: 600, maximized: false })
  })

  it('sends hints to the page while there is one', async () => {
    const { main, sent, destroy } = await open()
    main.send('outbox:changed', { seq: 4 })
    destroy()
    main.send('outbox:changed', { seq: 5 })
    expect(sent).toEqual([['outbox:changed', { seq: 4 }]])
  })

  it('is loaded again when its page dies, three times a minute, then a person decides', async () => {
    const { contents, calls, pass, lines } = await open()
    const die = (reason = 'crashed') => contents.emit('render-process-gone', {}, { reason, exitCode: 5 })
    const count = (what: string) => calls.filter((call) => call === what).length
    die('clean-exit')
    expect(count('reload')).toBe(0)
    for (let i = 0; i < 3; i += 1) die()
    expect([count('reload'), count('dialog')]).toEqual([3, 0])
    die()
    expect(count('dialog')).toBe(1)
    await vi.waitFor(() => expect(count('reload')).toBe(4))
    pass(60_001)
    die()
    expect([count('reload'), count('dialog')]).toEqual([5, 1])
    expect(lines[0]).toEqual(['error', 'window.gone', { reason: 'clean-exit', exitCode: 5 }])
  })
})

it('the reload limit counts a sliding minute', () => {
  let now = 0
  const may = createReloadLimit({ monotonic: () => now })
  const at = (time: number) => {
    now = time
    return may()
  }
  expect([at(0), at(10_000), at(50_000), at(59_999), at(60_000), at(60_001), at(70_000)]).toEqual([
    true, true, true, false, true, false, true,
  ]) // prettier-ignore
})
