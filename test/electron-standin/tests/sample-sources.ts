/** The sample's main process. Its page is served under app://sample with a strict policy. */
export const MAIN = `
import { app, BrowserWindow, ipcMain, net, protocol, session, shell } from 'electron'
import { join } from 'node:path'

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'; frame-src https:"
const FILES = {
  '/': ['text/html', '<title>Sample</title><script src="/page.js"></script><h1 data-testid="ready">Sample</h1><iframe></iframe>'],
  '/page.js': ['text/javascript', 'window.secretSeen = typeof preloadSecret'],
  '/worker.js': ['text/javascript', 'import { seven } from "./part.js"; onmessage = () => postMessage(seven)'],
  '/part.js': ['text/javascript', 'export const seven = 7'],
}
globalThis.seen = []
const note = (name) => { seen.push(name); console.log('event: ' + name) }

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
])
if (!app.requestSingleInstanceLock({ from: 'second' })) {
  console.log('second instance')
  app.quit()
} else {
  app.on('second-instance', (_event, argv, _folder, data) => note('second-instance ' + argv.at(-1) + ' ' + data.from))
  for (const name of ['will-finish-launching', 'ready', 'before-quit', 'will-quit', 'quit']) app.on(name, () => note(name))
  app.on('window-all-closed', () => { note('window-all-closed'); app.quit() })
  app.on('web-contents-created', (_event, contents) => {
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      contents.on(name, (event) => {
        note(name + ' ' + event.url)
        // A frame of the page is refused here, the page itself by will-navigate.
        if (name !== 'will-frame-navigate' || !event.isMainFrame) event.preventDefault()
      })
    }
    contents.setWindowOpenHandler(({ url }) => { note('window.open ' + url); return { action: 'deny' } })
  })
  app.whenReady().then(start)
}
async function start() {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'persistent-storage'))
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => {
    if (permission === 'geolocation') note('asked by ' + origin)
    return permission === 'persistent-storage'
  })
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => decide({ cancel: details.url.endsWith('/cancelled') }))
  protocol.handle('app', ({ url }) => {
    const [type, text] = FILES[new URL(url).pathname] ?? []
    if (type === undefined) return new Response('no such file', { status: 404 })
    return new Response(text, { headers: { 'content-type': type, 'content-security-policy': POLICY } })
  })
  ipcMain.handle('echo', (_event, value) => value)
  ipcMain.handle('kinds', (_event, ...values) => values.map((value) => Object.prototype.toString.call(value)))
  ipcMain.handle('fail', () => { throw new TypeError('boom') })
  ipcMain.handle('gives-a-function', () => ({ call() {} }))
  ipcMain.handle('who', ({ senderFrame, sender }) => ({
    url: senderFrame.url, origin: senderFrame.origin, parent: senderFrame.parent,
    isTop: senderFrame.top === senderFrame, isOwnSender: sender === BrowserWindow.getAllWindows()[0].webContents,
  }))
  ipcMain.on('note', (event, text) => { note('note ' + text); event.reply('noted', text) })
  globalThis.tryFetch = async (url, init) => {
    try {
      const response = await net.fetch(url, init)
      return response.status + ' ' + (await response.text())
    } catch (error) {
      return error.name + ': ' + error.message
    }
  }

  const window = new BrowserWindow({ show: false, width: 900, height: 650, webPreferences: { preload: join(import.meta.dirname, 'preload.cjs') } })
  window.on('close', () => note('close'))
  window.on('closed', () => note('closed'))
  window.once('ready-to-show', () => { note('ready-to-show'); window.show() })
  window.webContents.on('render-process-gone', (_event, details) => note('gone ' + details.reason))
  await window.loadURL('app://sample/')
  note('loaded')
}
`

export const PRELOAD = `
const { contextBridge, ipcRenderer } = require('electron')
globalThis.preloadSecret = 'not for the page'
contextBridge.exposeInMainWorld('sample', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  on: (channel, listener) => {
    const wrapped = (_event, ...args) => listener(...args)
    ipcRenderer.on(channel, wrapped)
    return () => ipcRenderer.off(channel, wrapped)
  },
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  fails: () => { throw new RangeError('from the preload') },
  missing: () => ipcRenderer.sendSync('x'),
  forbidden: () => { try { require('fs') } catch (error) { return error.message } },
  nested: { twice: (n) => n * 2, when: new Date(7), list: [1, 2] },
})
`
