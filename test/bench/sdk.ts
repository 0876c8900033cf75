import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppRuntime } from '../e2e/support/runtime.ts'
import type { InsideScripts } from './bundle.ts'
import type { Figure } from './figures.ts'
import { startApp } from './launch.ts'

/** A header that the SDK alone sends: whatever holds its name holds the SDK. */
const MARK_OF_THE_SDK = 'X-Fern-SDK-Name'

interface Options {
  readonly runtime: AppRuntime
  readonly app: string
  readonly inside: InsideScripts
  /** Of an app that is signed in, so that it has a use for the SDK at once. */
  readonly profile: string
  readonly squareUrl: string
}

/** When main loads the SDK, against the first contentful paint of its page. */
export async function measureSdkAfterPaint(options: Options): Promise<Figure[]> {
  const folder = join(options.app, 'out/main')
  const sdk = fileOfTheSdk(folder)
  const app = startApp({
    ...options,
    hook: options.inside.hook,
    task: { inPage: { file: options.inside.start, call: 'bench.watchPaint()' }, noteScriptsBelow: folder },
  })
  try {
    const painted = (await app.report('page')).answer as number
    const loaded = await whenLoaded()
    return [
      {
        benchmark: 'SDK',
        name: 'loaded after the first paint by',
        value: loaded - painted,
        unit: 'ms',
        budget: { atLeast: 0 },
      },
    ]
  } finally {
    await app.quit()
  }

  async function whenLoaded(): Promise<number> {
    for (let look = 0; look < 200; look += 1) {
      for (const one of app.reports()) if (one.kind === 'script' && one.file === sdk) return one.at
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('main has not loaded the SDK in ten seconds, although it is signed in')
  }
}

/** Main's resident memory with nobody signed in, before and after the SDK is loaded. */
export async function measureMemory({ profile, ...options }: Omit<Options, 'squareUrl'>): Promise<Figure[]> {
  const app = startApp({
    ...options,
    profile,
    hook: options.inside.hook,
    task: { thenLoad: fileOfTheSdk(join(options.app, 'out/main')) },
  })
  try {
    const { beforeBytes, afterBytes } = await app.report('memory')
    const figure = (name: string, bytes: number): Figure => ({
      benchmark: 'memory of main',
      name,
      value: bytes / 1e6,
      unit: 'MB',
    })
    return [
      figure('without the SDK', beforeBytes),
      figure('with the SDK', afterBytes),
      figure('the SDK', afterBytes - beforeBytes),
    ]
  } finally {
    await app.quit()
  }
}

/** The one file of the build that holds the SDK. */
export function fileOfTheSdk(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name))
  const holders = files.filter((file) => readFileSync(file, 'utf8').includes(MARK_OF_THE_SDK))
  if (holders.length !== 1) throw new Error(`the SDK is in ${holders.length} files of ${folder}, not in one`)
  return holders[0]!
}
