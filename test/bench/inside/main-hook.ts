import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { LINE_START, type HookReport, type HookTask } from './messages.ts'

// Runs in main before the app's own code (`electron -r`): it watches from beside and changes nothing.
const task = JSON.parse(process.env['COUNTERFOIL_BENCH'] ?? '{}') as HookTask

const now = () => performance.timeOrigin + performance.now()
const report = (what: HookReport) => process.stdout.write(`${LINE_START}${JSON.stringify(what)}\n`)

report({ kind: 'main', at: now() })
if (task.noteScriptsBelow !== undefined) noteScripts(task.noteScriptsBelow)
void app.whenReady().then(() => report({ kind: 'ready', at: now(), versions: { ...process.versions } }))
app.once('browser-window-created', (_event, window) => {
  window.webContents.once('dom-ready', () => {
    report({ kind: 'document', at: now() })
    lookInside(window.webContents).catch((error: unknown) => report({ kind: 'failed', why: String(error) }))
  })
})

async function lookInside(page: Electron.WebContents): Promise<void> {
  if (task.inPage !== undefined) {
    const answer: unknown = await page.executeJavaScript(
      `${readFileSync(task.inPage.file, 'utf8')}\n${task.inPage.call}`,
    )
    report({ kind: 'page', answer })
  }
  if (task.thenLoad !== undefined) {
    const beforeBytes = await settledMemory()
    await import(pathToFileURL(task.thenLoad).href)
    report({ kind: 'memory', beforeBytes, afterBytes: await settledMemory() })
  }
}

/** The engine tells of every script it compiles, whatever loaded it. */
function noteScripts(folder: string): void {
  const session = new Session()
  session.connect()
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (!url.startsWith('file:')) return
    const file = fileURLToPath(url)
    if (file.startsWith(folder)) report({ kind: 'script', file, at: now() })
  })
  session.post('Debugger.enable')
}

async function settledMemory(): Promise<number> {
  await pause(1_000)
  return process.memoryUsage.rss()
}
