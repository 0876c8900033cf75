import { build } from 'esbuild'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { recordingLog } from '../support/recording-log.ts'
import { STORE } from '../support/builders.ts'

const bundles = mkdtempSync(join(tmpdir(), 'counterfoil-storage-'))
afterAll(() => rmSync(bundles, { recursive: true, force: true }))
let bundled: Promise<string> | null = null
/** The child as one file, made once: it starts in a moment, and nothing but Node is needed to run it. */
function childFile(): Promise<string> {
  return (bundled ??= (async () => {
    const outfile = join(bundles, 'outbox-child.mjs')
    await build({
      entryPoints: [join(import.meta.dirname, 'outbox-child.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    })
    return outfile
  })())
}

export interface PromisingProcess {
  readonly acknowledged: () => readonly string[]
  readonly refused: () => readonly { readonly id: string; readonly reason: string }[]
  /** Resolves when so many more promises were acknowledged, or it ended. */
  more(count: number): Promise<void>
  /** Resolves when it ended by itself. */
  ended(): Promise<void>
  /** The processor is taken away from it: it does nothing any more, and does not know. */
  freeze(): void
  /** kill -9. */
  kill(): Promise<void>
}
export interface PromisingOptions {
  readonly folder: string
  readonly run: string
  readonly durability?: 'sync' | 'relaxed'
  readonly most?: number
  /** The largest file it may write, in KiB (`ulimit -f`). */
  readonly largestFile?: number
}

/** Starts a process that promises in that folder; resolves when its log is open. */
export async function startPromising(options: PromisingOptions): Promise<PromisingProcess> {
  const { folder, run, durability = 'sync', most, largestFile } = options
  const args = [await childFile(), folder, run, durability, ...(most === undefined ? [] : [String(most)])]
  const limited = `trap '' XFSZ; ulimit -f ${largestFile}; exec "$0" "$@"`
  const child =
    largestFile === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('bash', ['-c', limited, process.execPath, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: string[] = []
  const refused: { id: string; reason: string }[] = []
  const waiting = new Set<() => void>()
  let opened = false
  let text = ''
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void over.then(() => waiting.forEach((look) => look()))
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const lines = text.split('\n')
    text = lines.pop()!
    for (const line of lines) {
      const [what, id = '', reason = ''] = line.split(' ')
      if (what === 'open') opened = true
      if (what === 'ack') acknowledged.push(id)
      if (what === 'no') refused.push({ id, reason })
      if (what === 'refused') throw new Error(`the log was refused: ${id}`)
    }
    waiting.forEach((look) => look())
  })
  const until = (reached: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!reached() && isAlive(child)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  await until(() => opened)
  return {
    acknowledged: () => acknowledged,
    refused: () => refused,
    more(count) {
      const goal = acknowledged.length + count
      return until(() => acknowledged.length >= goal)
    },
    ended: () => over,
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL')
      await over
    },
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** What the log of a folder holds, opened as the app opens it; closed again. */
export async function idsInLog(folder: string): Promise<ReadonlySet<string>> {
  const opened = await openOutbox({
    storage: createLogFile({ folder }),
    store: STORE,
    machineId: 'this-pc',
    newId: () => crypto.randomUUID(),
    freeBytes: async () => null,
    log: recordingLog().log,
  })
  if (opened.kind === 'refused') throw new Error(`the log is refused: ${opened.reason}`)
  expect(opened.setAside).toBe(0)
  const { entries, closed } = opened.outbox.state()
  await opened.outbox.close()
  return new Set([...entries.keys(), ...closed.keys()])
}
