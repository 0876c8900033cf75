import { expect, expectTypeOf, test } from 'vitest'
import type * as Electron from 'electron'
import { decode } from '../source/codec/decode.ts'
import { encode } from '../source/codec/encode.ts'
import { isPlainJson } from '../source/codec/fast-path.ts'
import { loudMembers } from '../source/loud.ts'
import { chromiumArguments } from '../source/main/chromium-arguments.ts'
import { parseCommandLine } from '../source/main/command-line.ts'
import type { Misfits } from '../source/main/electron-shape.ts'
import { toNetError } from '../source/main/net-errors.ts'
import { SchemeMap } from '../source/main/scheme-map.ts'
import { urlMatcher } from '../source/main/web-request.ts'

const overTheWire = (value: unknown) =>
  decode(JSON.parse(JSON.stringify(encode(value))) as ReturnType<typeof encode>)

test('plain values take the fast path, all others keep what JSON would lose', () => {
  expect(isPlainJson({ a: [1, 'x', null, { b: true }] })).toBe(true)
  const shared = {}
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  for (const special of [
    { a: undefined },
    [Number.NaN],
    -0,
    1n,
    new Date(),
    new Map(),
    [shared, shared],
    cyclic,
  ]) {
    expect(isPlainJson(special)).toBe(false)
  }
  expect(overTheWire(new Set([1, new Date(5)]))).toEqual(new Set([1, new Date(5)]))
  const back = overTheWire(cyclic) as { self: unknown }
  expect(back.self).toBe(back)
  expect(() => encode(() => 1)).toThrow('An object could not be cloned.')
})

test('a command line is the app, its switches and what test tools add', () => {
  const args = [
    '--no-sandbox',
    '-r',
    'loader.js',
    '--inspect=0',
    '--remote-debugging-port=0',
    '.',
    '--user-data-dir=/x=y',
  ]
  const { switches, ...rest } = parseCommandLine(args)
  expect(rest).toEqual({
    entry: '.',
    preloads: ['loader.js'],
    inspect: { port: 0, wait: false },
    showVersion: false,
  })
  expect(Object.fromEntries(switches)).toEqual({
    'no-sandbox': '',
    'remote-debugging-port': '0',
    'user-data-dir': '/x=y',
  })
})

test('the browser gets the app’s switches, but never another profile or protocol', () => {
  const switches = new Map([
    ['user-data-dir', '/app'],
    ['lang', 'de'],
    ['remote-debugging-port', '0'],
  ])
  const given = chromiumArguments({ profile: '/profile', headless: true, switches, withoutSandbox: false })
  expect(given).toContain('--user-data-dir=/profile')
  expect(given).toContain('--lang=de')
  expect(given).toContain('--remote-debugging-port=0')
  expect(given).toContain('--disable-background-networking')
  expect(given).not.toContain('--no-sandbox')
  expect(given).not.toContain('--disable-web-security')
  expect(chromiumArguments({ profile: '/p', headless: true, switches, withoutSandbox: true })).toContain(
    '--no-sandbox',
  )
})

test('addresses of registered schemes are translated there and back, all others left alone', () => {
  const schemes = new SchemeMap()
  schemes.add('app')
  expect(schemes.toChromium('app://counterfoil/a?b#c')).toBe('https://counterfoil.app.invalid/a?b#c')
  expect(schemes.toChromium('app://counterfoil')).toBe('https://counterfoil.app.invalid/')
  expect(schemes.fromChromium('https://counterfoil.app.invalid/a?b#c')).toBe('app://counterfoil/a?b#c')
  for (const other of ['https://example.org/', 'https://x.other.invalid/', 'about:blank']) {
    expect(schemes.toChromium(other)).toBe(other)
    expect(schemes.fromChromium(other)).toBe(other)
  }
})

test('webRequest patterns match as in Chromium', () => {
  expect(urlMatcher([])('app://x/')).toBe(true)
  expect(urlMatcher(['<all_urls>'])('app://x/')).toBe(true)
  expect(urlMatcher(['*://*.example.org/*'])('https://a.example.org/b')).toBe(true)
  expect(urlMatcher(['https://example.org/*'])('https://example.orgs/b')).toBe(false)
})

test('failures of sockets are given Chromium’s names', () => {
  const named = (cause: object, body: 'none' | 'sized' | 'chunked' = 'none') =>
    toNetError(Object.assign(new TypeError('fetch failed'), { cause }), { isOnline: true, body }).message
  expect(named({ code: 'ENOTFOUND' })).toBe('net::ERR_NAME_NOT_RESOLVED')
  expect(named({ code: 'UND_ERR_CONNECT_TIMEOUT' })).toBe('net::ERR_CONNECTION_TIMED_OUT')
  expect(named({ code: 'ENETDOWN' })).toBe('net::ERR_INTERNET_DISCONNECTED')
  expect(named({ code: 'CERT_HAS_EXPIRED' })).toBe('net::ERR_CERT_DATE_INVALID')
  expect(named({ code: 'UND_ERR_SOCKET' })).toBe('net::ERR_EMPTY_RESPONSE')
  expect(named({ code: 'UND_ERR_SOCKET' }, 'chunked')).toBe('net::ERR_INCOMPLETE_CHUNKED_ENCODING')
  expect(named({ code: 'UND_ERR_SOCKET' }, 'sized')).toBe('net::ERR_CONTENT_LENGTH_MISMATCH')
  expect(named({})).toBe('net::ERR_FAILED')
})

test('a missing member fails by its name; private fields and tools’ questions do not', async () => {
  class Thing {
    readonly #secret = 42
    read() {
      return this.#secret
    }
  }
  const thing = loudMembers('thing', new Thing(), ['dock']) as Thing & Record<string, unknown>
  expect(thing.read()).toBe(42)
  expect(thing['dock']).toBeUndefined()
  expect(() => thing['other']).toThrow('stand-in: thing.other is not implemented')
  expect(await Promise.resolve(thing)).toBe(thing)
})

test('the types find a member that Electron does not have, or has differently', () => {
  interface Invented {
    openExternal(url: string): Promise<void>
    openTheDoor(): void
  }
  expectTypeOf<Misfits<Invented, Electron.Shell>>().toEqualTypeOf<'openTheDoor'>()
  interface Different {
    showItemInFolder(path: number): void
    openPath(path: string): Promise<number>
  }
  expectTypeOf<Misfits<Different, Electron.Shell>>().toEqualTypeOf<'showItemInFolder' | 'openPath'>()
})
