import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { shareSample, type RunningSample } from './sample-app.ts'

const sample = shareSample()

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
  const running = sample()
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
})

test('net.fetch follows redirects, and refuses them in Electron’s words', async () => {
  const running = sample()
  const url = await serve((request, response) => {
    if (request.url === '/there') response.end('arrived')
    else response.writeHead(302, { location: '/there' }).end()
  })
  expect(await fetchIn(running, url)).toBe('200 arrived')
  expect(await fetchIn(running, url, { redirect: 'error' })).toBe(
    "Error: Attempted to redirect, but redirect policy was 'error'",
  )
  expect(await fetchIn(running, url, { redirect: 'manual' })).toBe('Error: Redirect was cancelled')
})

test('net.fetch without a net says so', async () => {
  const running = sample()
  await running.app.evaluate(({ net }) => {
    net.isOnline = () => false
  })
  expect(await fetchIn(running, 'http://no-such-host.invalid/')).toBe('Error: net::ERR_INTERNET_DISCONNECTED')
  await running.app.evaluate(({ net }) => {
    net.isOnline = () => true
  })
})

test('menu items are found by their id and clicked; power events can be emitted', async () => {
  const { app } = sample()
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
})
