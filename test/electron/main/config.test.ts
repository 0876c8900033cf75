import { describe, expect, it } from 'vitest'
import { dataPaths, loopbackOrigin, requestsPerSecond, squareUrl, storePaths } from '#main/config.ts'
import { originOf } from '#main/platform/origins.ts'

describe('squareUrl', () => {
  const sandboxUrl = 'http://127.0.0.1:8080'
  it('is Square', () => {
    const none = { isPackaged: true, sandboxUrl: undefined }
    expect(squareUrl('production', none)).toBe('https://connect.squareup.com')
    expect(squareUrl('sandbox', none)).toBe('https://connect.squareupsandbox.com')
  })
  it('lets a developer stand in for the sandbox on this machine, and for nothing else', () => {
    expect(squareUrl('sandbox', { isPackaged: false, sandboxUrl })).toBe(sandboxUrl)
    expect(squareUrl('production', { isPackaged: false, sandboxUrl })).toBe('https://connect.squareup.com')
    expect(squareUrl('sandbox', { isPackaged: true, sandboxUrl })).toBe('https://connect.squareupsandbox.com')
  })
  it.each([
    'https://127.0.0.1:8080',
    'http://127.0.0.1',
    'http://localhost:8080',
    'http://127.0.0.1:8080/v2',
    'http://127.0.0.1:8080@example.com',
    'http://127.0.0.1.example.com:80',
    'http://a@127.0.0.1:8080',
    'http://127.0.0.1:99999',
    '',
  ])('takes no notice of %j', (url) => {
    expect(loopbackOrigin(url)).toBeNull()
    expect(squareUrl('sandbox', { isPackaged: false, sandboxUrl: url })).toBe(
      'https://connect.squareupsandbox.com',
    )
  })
})

describe('S26 requests a second', () => {
  const here = { isPackaged: false, sandboxUrl: 'http://127.0.0.1:8080', sandboxPace: '500' }
  it('are what a developer says, of a Square on their own machine', () => {
    expect(requestsPerSecond('sandbox', here)).toBe(500)
  })
  it.each([
    ['a packaged app', 'sandbox', { ...here, isPackaged: true }],
    ['production', 'production', here],
    ['the practice store', 'practice', here],
    ['Square’s own sandbox', 'sandbox', { ...here, sandboxUrl: undefined }],
    ['an address elsewhere', 'sandbox', { ...here, sandboxUrl: 'https://example.com' }],
    ['nobody who says so', 'sandbox', { ...here, sandboxPace: undefined }],
    ['no number', 'sandbox', { ...here, sandboxPace: '1e9' }],
    ['none', 'sandbox', { ...here, sandboxPace: '0' }],
  ] as const)('are what Square bears: %s', (_name, environment, overrides) => {
    expect(requestsPerSecond(environment, overrides)).toBeUndefined()
  })
})

describe('storePaths (S16)', () => {
  const paths = dataPaths('/data')
  it('gives each seller and environment a folder of its own', () => {
    const folders = [
      storePaths(paths, { merchantId: 'A1', environment: 'production' }).folder,
      storePaths(paths, { merchantId: 'A1', environment: 'sandbox' }).folder,
      storePaths(paths, { merchantId: 'B1', environment: 'sandbox' }).folder,
    ]
    expect(new Set(folders).size).toBe(3)
  })
  it.each(['..', 'a/b', 'a\\b', '', 'C:', 'lower', 'A'.repeat(65), 'NUL\0'])('refuses %j', (merchantId) => {
    expect(() => storePaths(paths, { merchantId, environment: 'sandbox' })).toThrow()
  })
})

describe('originOf', () => {
  it.each([
    ['app://counterfoil/index.html?x#y', 'app://counterfoil'],
    ['app://counterfoil', 'app://counterfoil'],
    ['app://counterfoil.example/', 'app://counterfoil.example'],
    ['https://connect.squareup.com:443/v2', 'https://connect.squareup.com'],
    ['https://connect.squareup.com:444/', 'https://connect.squareup.com:444'],
    ['app://counterfoil@evil/', null],
    ['', null],
    ['counterfoil', null],
  ])('%s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin)
  })
})
