import { expect, test, vi } from 'vitest'
import { launchSample, writeSample } from './sample-app.ts'

test('app:// has a secure origin whose policy is honoured, and workers load their parts', async () => {
  const { app, page } = await launchSample(writeSample())
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
  await app.close()
})

test('IndexedDB belongs to the origin and is there again after a restart', async () => {
  const sample = writeSample()
  const use = async (write: boolean) => {
    const { app, page } = await launchSample(sample)
    const found = await page.evaluate(
      (write) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('kept', 1)
          opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
          opening.onerror = () => reject(opening.error as Error)
          opening.onsuccess = () => {
            const rows = opening.result.transaction('rows', 'readwrite').objectStore('rows')
            const request = write ? rows.put('yes', 'key') : rows.get('key')
            request.onsuccess = () => resolve(request.result)
          }
        }),
      write,
    )
    await app.close()
    return found
  }
  await use(true)
  expect(await use(false)).toBe('yes')
})

test('window.open is asked about and refused; a link away is refused', async () => {
  const { app, page, output } = await launchSample(writeSample())
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
  await app.close()
})

test('a reload by the app or by a test is no navigation of the page', async () => {
  const { app, page, output } = await launchSample(writeSample())
  await page.reload()
  await page.getByTestId('ready').waitFor()
  expect(output()).not.toContain('will-navigate')
  await app.close()
})

test('permissions are what the app’s handlers say, asked for the app’s origin', async () => {
  const { app, page, events } = await launchSample(writeSample())
  const seen = await page.evaluate(async () => ({
    persisted: await navigator.storage.persist(),
    geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
  }))
  expect(seen).toEqual({ persisted: true, geolocation: 'denied' })
  expect(await events()).toContain('asked by app://sample/')
  await app.close()
})

test('nativeTheme decides what the page prefers', async () => {
  const { app, page } = await launchSample(writeSample())
  const prefersDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await app.evaluate(({ nativeTheme }) => void (nativeTheme.themeSource = 'dark'))
  await vi.waitFor(async () => expect(await prefersDark()).toBe(true))
  expect(await app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true)
  await app.evaluate(({ nativeTheme }) => void (nativeTheme.themeSource = 'light'))
  await vi.waitFor(async () => expect(await prefersDark()).toBe(false))
  await app.close()
})

test('a window’s size is the page’s size', async () => {
  const { app, page } = await launchSample(writeSample())
  const size = () => page.evaluate(() => [innerWidth, innerHeight])
  await vi.waitFor(async () => expect(await size()).toEqual([900, 650]))
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ width: 700, height: 500 }),
  )
  await vi.waitFor(async () => expect(await size()).toEqual([700, 500]))
  await app.close()
})
