import { spawn, type ChildProcess } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { ROOT, type AppRuntime } from '../e2e/support/runtime.ts'
import { LINE_START, type HookReport, type HookTask, type Moment } from './inside/messages.ts'

export interface StartOptions {
  readonly runtime: AppRuntime
  /** The folder of the app. */
  readonly app: string
  readonly hook: string
  readonly task: HookTask
  readonly profile: string
  readonly squareUrl?: string
}
export interface StartedApp {
  readonly spawned: Moment
  /** The first report of that kind, also one that came before; rejects when the app ends, or after a minute. */
  report<K extends HookReport['kind']>(kind: K): Promise<Extract<HookReport, { kind: K }>>
  /** All reports so far. */
  reports(): readonly HookReport[]
  /** Asks it to quit and waits until it has. */
  quit(): Promise<void>
}

const PATIENCE_MS = 60_000

/** Starts an app as a shell does, with our hook in its main process and no debugging tool attached. */
export function startApp({ runtime, app, hook, task, profile, squareUrl }: StartOptions): StartedApp {
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env
  const spawned = performance.timeOrigin + performance.now()
  const child = spawn(
    runtime.executable,
    [...runtime.switches, '-r', hook, app, `--user-data-dir=${profile}`],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inherited,
        COUNTERFOIL_BENCH: JSON.stringify(task),
        ...(squareUrl === undefined ? {} : { COUNTERFOIL_SANDBOX_URL: squareUrl }),
      },
    },
  )
  const reports: HookReport[] = []
  const listeners = new Set<() => void>()
  const ended = whenEnded(child)
  let isOver = false
  let words = ''
  const tell = () => listeners.forEach((listener) => listener())
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith(LINE_START)) return
    reports.push(JSON.parse(line.slice(LINE_START.length)) as HookReport)
    tell()
  })
  child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-2_000)))
  void ended.then(() => {
    isOver = true
    tell()
  })

  return {
    spawned,
    reports: () => reports,
    report<K extends HookReport['kind']>(kind: K) {
      return new Promise<Extract<HookReport, { kind: K }>>((resolve, reject) => {
        const timer = setTimeout(
          () => end(() => reject(new Error(`no ${kind} in a minute\n${words}`))),
          PATIENCE_MS,
        )
        function end(settle: () => void) {
          clearTimeout(timer)
          listeners.delete(look)
          settle()
        }
        function look() {
          const found = reports.find((one): one is Extract<HookReport, { kind: K }> => one.kind === kind)
          const failed = reports.find((one) => one.kind === 'failed')
          if (found) end(() => resolve(found))
          else if (failed) end(() => reject(new Error(failed.why)))
          else if (isOver) end(() => reject(new Error(`the app ended before it reported ${kind}\n${words}`)))
        }
        listeners.add(look)
        look()
      })
    },
    async quit() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await ended
      clearTimeout(timer)
    },
  }
}

function whenEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
}
