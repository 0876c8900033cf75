import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { hardenPages, hardenSession, mayRequest, refusedSwitch } from '#main/platform/hardening.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const ORIGIN = 'app://counterfoil'
const SQUARE = 'https://connect.squareup.com'

function options() {
  return { pageOrigin: ORIGIN, reachable: () => [SQUARE], ...recordingLog() }
}

describe('pages', () => {
  function page() {
    const app = new EventEmitter()
    hardenPages(app as never, options())
    let openHandler: (details: unknown) => unknown = () => ({ action: 'allow' })
    const contents = Object.assign(new EventEmitter(), {
      getURL: () => `${ORIGIN}/#/customers`,
      setWindowOpenHandler: (handler: typeof openHandler) => void (openHandler = handler),
    })
    app.emit('web-contents-created', {}, contents)
    const prevented = (name: string, event: object) => {
      let stopped = false
      contents.emit(name, { ...event, preventDefault: () => (stopped = true) })
      return stopped
    }
    return { prevented, open: () => openHandler({ url: 'https://example.com' }) }
  }

  it.each([
    'https://example.com/',
    'app://other/',
    'app://counterfoil/assets/app.js',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('do not navigate to %s', (url) => {
    expect(page().prevented('will-navigate', { url })).toBe(true)
  })

  it('may be reloaded where they are', () => {
    expect(page().prevented('will-navigate', { url: `${ORIGIN}/` })).toBe(false)
  })

  it('follow no redirect, hold no frame and no webview, open no window', () => {
    const { prevented, open } = page()
    expect(prevented('will-redirect', { url: `${ORIGIN}/` })).toBe(true)
    expect(prevented('will-frame-navigate', { url: `${ORIGIN}/`, isMainFrame: false })).toBe(true)
    expect(prevented('will-attach-webview', {})).toBe(true)
    expect(open()).toEqual({ action: 'deny' })
  })
})

describe('session', () => {
  type Any = (...args: unknown[]) => unknown
  function session() {
    const on = new EventEmitter()
    const handlers: Record<string, Any> = {}
    const keep = (name: string) => (handler: Any) => void (handlers[name] = handler)
    hardenSession(
      {
        setPermissionRequestHandler: keep('request'),
        setPermissionCheckHandler: keep('check'),
        setDevicePermissionHandler: keep('device'),
        webRequest: { onBeforeRequest: keep('web') },
        on: on.on.bind(on),
      } as never,
      options(),
    )
    const asked = (permission: string, requestingUrl = `${ORIGIN}/index.html`) => {
      let granted: unknown
      handlers['request']!({}, permission, (answer: unknown) => (granted = answer), { requestingUrl })
      return granted
    }
    return { handlers, asked, on }
  }

  it.each(['persistent-storage', 'clipboard-sanitized-write'])(
    'grants %s to our page alone',
    (permission) => {
      const { asked, handlers } = session()
      expect(asked(permission)).toBe(true)
      expect(handlers['check']!(null, permission, `${ORIGIN}/`)).toBe(true)
      expect(asked(permission, 'https://example.com/')).toBe(false)
      expect(handlers['check']!(null, permission, 'https://example.com')).toBe(false)
    },
  )

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'hid',
    'usb',
    'serial',
    'fullscreen',
    'unknown',
  ])('denies %s', (permission) => {
    const { asked, handlers } = session()
    expect(asked(permission)).toBe(false)
    expect(handlers['check']!(null, permission, ORIGIN)).toBe(false)
  })

  it('denies every device and every download', () => {
    const { handlers, on } = session()
    expect(handlers['device']!({ deviceType: 'usb', origin: ORIGIN })).toBe(false)
    let prevented = false
    on.emit('will-download', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(true)
  })

  it('cancels foreign requests', () => {
    const { handlers } = session()
    const cancelled = (url: string, webContentsId?: number) => {
      let cancel: unknown
      handlers['web']!(
        { url, webContentsId, resourceType: 'xhr' },
        (answer: { cancel: boolean }) => (cancel = answer.cancel),
      )
      return cancel
    }
    expect(cancelled(`${ORIGIN}/index.html`, 1)).toBe(false)
    expect(cancelled('https://example.com/', 1)).toBe(true)
    expect(cancelled(`${SQUARE}/v2/customers`, 1)).toBe(true)
    expect(cancelled(`${SQUARE}/v2/customers`)).toBe(false)
    expect(cancelled('https://connect.squareup.com.example/')).toBe(true)
    expect(cancelled('http://connect.squareup.com/')).toBe(true)
  })
})

describe('mayRequest', () => {
  it("reaches the dev server's socket in development only", () => {
    const dev = { pageOrigin: 'http://localhost:5173', reachable: () => [] }
    expect(mayRequest({ url: 'ws://localhost:5173/?token=x', webContentsId: 1 }, dev)).toBe(true)
    expect(mayRequest({ url: 'ws://localhost:5174/', webContentsId: 1 }, dev)).toBe(false)
    expect(mayRequest({ url: 'ws://counterfoil/', webContentsId: 1 }, options())).toBe(false)
  })
})

describe('refusedSwitch', () => {
  it.each(['--remote-debugging-port=9222', '--inspect', '--inspect-brk=0', '--js-flags=--x'])(
    'names %s without its value',
    (argument) => {
      expect(refusedSwitch(['counterfoil', argument])).toBe(argument.split('=')[0])
    },
  )
  it('lets ordinary arguments pass', () => {
    expect(refusedSwitch(['counterfoil', '--hidden', 'remote-debugging-port', '--inspector'])).toBeNull()
  })
})
