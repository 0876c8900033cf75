import { expect, test, vi } from 'vitest'
import { shareSample } from './sample-app.ts'

const sample = shareSample()

test('app:// has a secure origin whose policy is honoured, and workers load their parts', async () => {
  const { page } = sample()
  const seen = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.head.append(script)
    const worker = new Worker('/worker.js', { type: 'module' })
    const fromWorker = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.postMessage(null)
    })
    const blocked = await fetch('https://example.org/').then(String, (error: Error) => error.name)
    const missing = await fetch('/nothing')
    return {
      isSecure: isSecureContext && typeof crypto.subtle === 'object',
      inlineRan: 'inlineRan' in window,
      fromWorker,
      blocked,
      missing: missing.status,
      cancelled: await fetch('/cancelled').then(String, (error: Error) => error.name),
    }
  })
  expect(seen).toEqual({
    isSecure: true,
    inlineRan: false,
    fromWorker: 7,
    blocked: 'TypeError',
    missing: 404,
    cancelled: 'TypeError',
  })
})

test('window.open is asked about and refused; a link away is refused', async () => {
  const { app, page, output } = sample()
  await page.evaluate(() => void window.open('https://example.org/help'))
  await vi.waitFor(() => expect(output()).toContain('event: window.open https://example.org/help'))
  await page.evaluate(() => {
    location.href = 'https://example.org/elsewhere'
  })
  await vi.waitFor(() => expect(output()).toContain('event: will-navigate https://example.org/elsewhere'))
  expect(output()).toMatch(/will-frame-navigate https:\/\/example.org\/elsewhere\n.*will-navigate/)
  await page.evaluate(
    () => void document.querySelector('iframe')?.setAttribute('src', 'https://example.org/frame'),
  )
  await vi.waitFor(() => expect(output()).toContain('event: will-frame-navigate https://example.org/frame'))
  expect(
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL()),
  ).toBe('app://sample/')
  expect(app.windows()).toHaveLength(1)
})

test('a reload by the app or by a test is no navigation of the page', async () => {
  const { page, events } = sample()
  const before = await events()
  await page.reload()
  await page.getByTestId('ready').waitFor()
  expect(await events()).toEqual(before)
})

test('permissions are what the app’s handlers say, asked for the app’s origin', async () => {
  const { page, events } = sample()
  const seen = await page.evaluate(async () => ({
    persisted: await navigator.storage.persist(),
    geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
  }))
  expect(seen).toEqual({ persisted: true, geolocation: 'denied' })
  expect(await events()).toContain('asked by app://sample/')
})

test('nativeTheme decides what the page prefers', async () => {
  const { app, page } = sample()
  const prefersDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await app.evaluate(({ nativeTheme }) => void (nativeTheme.themeSource = 'dark'))
  await vi.waitFor(async () => expect(await prefersDark()).toBe(true))
  expect(await app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true)
  await app.evaluate(({ nativeTheme }) => void (nativeTheme.themeSource = 'light'))
  await vi.waitFor(async () => expect(await prefersDark()).toBe(false))
})

test('a window’s size is the page’s size', async () => {
  const { app, page } = sample()
  const size = () => page.evaluate(() => [innerWidth, innerHeight])
  await vi.waitFor(async () => expect(await size()).toEqual([900, 650]))
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ width: 700, height: 500 }),
  )
  await vi.waitFor(async () => expect(await size()).toEqual([700, 500]))
})
