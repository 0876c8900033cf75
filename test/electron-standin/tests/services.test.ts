import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { launchSample, writeSample, type RunningSample } from './sample-app.ts'

const servers: (Server | TcpServer)[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const serve = (listener: RequestListener) => listen(createServer(listener))

/** net.fetch in the app's main process: status and text, or the error as the app would print it. */
const fetchIn = ({ app }: RunningSample, url: string, init: RequestInit = {}) =>
  app.evaluate(
    (_electron, [url, init]) =>
      (globalThis as unknown as { tryFetch: (url: string, init: RequestInit) => Promise<string> }).tryFetch(
        url,
        init,
      ),
    [url, init] as const,
  )

test('net.fetch answers, and fails in Chromium’s vocabulary', async () => {
  const running = await launchSample(writeSample())
  const fine = await serve((request, response) => response.end(`${request.method} fine`))
  expect(await fetchIn(running, fine, { method: 'POST', body: 'x' })).toBe('200 POST fine')

  const closed = await serve(() => {})
  await new Promise((resolve) => servers.pop()?.close(resolve))
  expect(await fetchIn(running, closed)).toBe('Error: net::ERR_CONNECTION_REFUSED')

  const reset = await listen(createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())))
  expect(await fetchIn(running, reset)).toBe('Error: net::ERR_CONNECTION_RESET')
  const silent = await listen(createTcpServer((socket) => socket.once('data', () => socket.end())))
  expect(await fetchIn(running, silent)).toBe('Error: net::ERR_EMPTY_RESPONSE')
  const nonsense = await listen(
    createTcpServer((socket) => socket.once('data', () => socket.end('nonsense\r\n\r\n'))),
  )
  expect(await fetchIn(running, nonsense)).toBe('Error: net::ERR_INVALID_HTTP_RESPONSE')
  const short = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('part')
    setTimeout(() => response.destroy(), 20)
  })
  expect(await fetchIn(running, short)).toMatch(
    /^Error: net::ERR_(CONTENT_LENGTH_MISMATCH|CONNECTION_RESET)$/,
  )

  expect(await fetchIn(running, 'http://no-such-host.invalid/')).toBe('Error: net::ERR_NAME_NOT_RESOLVED')
  expect(await fetchIn(running, `${fine}/cancelled`)).toBe('Error: net::ERR_BLOCKED_BY_CLIENT')
  await running.app.close()
})

test('net.fetch follows redirects, and refuses them in Electron’s words', async () => {
  const running = await launchSample(writeSample())
  const url = await serve((request, response) => {
    if (request.url === '/there') response.end('arrived')
    else response.writeHead(302, { location: '/there' }).end()
  })
  expect(await fetchIn(running, url)).toBe('200 arrived')
  expect(await fetchIn(running, url, { redirect: 'error' })).toBe(
    "Error: Attempted to redirect, but redirect policy was 'error'",
  )
  expect(await fetchIn(running, url, { redirect: 'manual' })).toBe('Error: Redirect was cancelled')
  await running.app.close()
})

test('net.fetch without a net says so', async () => {
  const running = await launchSample(writeSample())
  await running.app.evaluate(({ net }) => {
    net.isOnline = () => false
  })
  expect(await fetchIn(running, 'http://no-such-host.invalid/')).toBe('Error: net::ERR_INTERNET_DISCONNECTED')
  await running.app.close()
})

test('safeStorage keeps a secret over a restart, and refuses what it did not write', async () => {
  const sample = writeSample()
  const first = await launchSample(sample)
  const kept = await first.app.evaluate(({ safeStorage }) => ({
    available: safeStorage.isEncryptionAvailable(),
    hex: safeStorage.encryptString('pässword').toString('hex'),
  }))
  expect(kept.available).toBe(true)
  expect(Buffer.from(kept.hex, 'hex').toString()).not.toContain('ssword')
  await first.app.close()
  const again = await launchSample(sample)
  const read = await again.app.evaluate(({ safeStorage }, hex) => {
    const attempt = (bytes: Buffer) => {
      try {
        return safeStorage.decryptString(bytes)
      } catch (error) {
        return (error as Error).message
      }
    }
    return [
      attempt(Buffer.from(hex, 'hex')),
      attempt(Buffer.from('plain')),
      attempt(Buffer.from(`${hex}00`, 'hex')),
    ]
  }, kept.hex)
  const failed = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
  expect(read).toEqual(['pässword', `${failed} Ciphertext does not appear to be encrypted.`, failed])
  await again.app.close()
})

test('safeStorage without a keyring behaves like a Linux without one', async () => {
  const { app } = await launchSample(writeSample(), { STANDIN_KEYRING: 'none' })
  const seen = await app.evaluate(({ safeStorage }) => {
    const before = safeStorage.isEncryptionAvailable()
    const backend = safeStorage.getSelectedStorageBackend()
    let refusal = ''
    try {
      safeStorage.encryptString('x')
    } catch (error) {
      refusal = (error as Error).message
    }
    safeStorage.setUsePlainTextEncryption(true)
    return { before, backend, refusal, after: safeStorage.isEncryptionAvailable() }
  })
  expect(seen).toEqual({
    before: false,
    backend: 'basic_text',
    refusal: expect.stringContaining('Encryption is not available.') as string,
    after: true,
  })
  await app.close()
})

test('dialogs cancel, can be replaced, and like the shell are logged', async () => {
  const sample = writeSample()
  const log = join(sample.folder, 'calls.log')
  const { app } = await launchSample(sample, { STANDIN_LOG: log })
  const answers = await app.evaluate(async ({ dialog, shell }) => {
    const cancelled = await dialog.showOpenDialog({ properties: ['openFile'] })
    await shell.openExternal('https://example.org/')
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/chosen'] })
    return [cancelled.canceled, (await dialog.showOpenDialog({})).filePaths]
  })
  expect(answers).toEqual([true, ['/chosen']])
  const calls = readFileSync(log, 'utf8').trim().split('\n')
  expect(calls.map((line) => (JSON.parse(line) as { call: string }).call)).toEqual([
    'dialog.showOpenDialog',
    'shell.openExternal',
  ])
  await app.close()
})

test('menu items are found by their id and clicked; power events can be emitted', async () => {
  const { app } = await launchSample(writeSample())
  const heard = await app.evaluate(({ Menu, powerMonitor }) => {
    const heard: string[] = []
    const submenu = [
      { id: 'tick', type: 'checkbox' as const, label: 'Tick', click: () => heard.push('clicked') },
    ]
    Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'editMenu' }, { label: 'Extra', submenu }]))
    const item = Menu.getApplicationMenu()?.getMenuItemById('tick')
    item?.click()
    heard.push(String(item?.checked))
    powerMonitor.on('resume', () => heard.push('resumed'))
    powerMonitor.emit('resume')
    return heard
  })
  expect(heard).toEqual(['clicked', 'true', 'resumed'])
  await app.close()
})
