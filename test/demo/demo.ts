// `npm run demo`: the built app through a till morning, against a practice Square, without a display or an account.
import { rmSync } from 'node:fs'
import { buildIfStale } from '../../build/build-app.mjs'
import { cleanUp } from '../e2e/support/app.ts'
import { appRuntime, ROOT } from '../e2e/support/runtime.ts'
import { startSquare, type TestSquare } from '../e2e/support/square.ts'
import { MORNING } from './morning.ts'
import { Deviation, openStage, PHOTOS, type Stage } from './stage.ts'

const tell = (line: string) => console.log(line)
let square: TestSquare | undefined

async function main(): Promise<number> {
  const began = Date.now()
  // Another build can be shown than the project's own; it is then taken as it is.
  if (process.env['COUNTERFOIL_APP'] === undefined) {
    const built = await buildIfStale(ROOT, tell)
    if (built.kind === 'failed') {
      tell(`✗ The app could not be built.\n${built.output.trimEnd()}`)
      return 1
    }
  }
  const { kind } = await appRuntime()
  tell(
    `Counterfoil on ${kind === 'electron' ? 'Electron' : 'the Electron stand-in'}, and a practice Square.\n`,
  )
  rmSync(PHOTOS, { recursive: true, force: true })
  square = await startSquare('sixty')
  const stage = await openStage(square, tell)
  for (const [at, { title, run }] of MORNING.entries()) {
    tell(`${at + 1}. ${title}`)
    try {
      await run(stage)
    } catch (error) {
      await photoOfFailure(stage)
      tell(`   ✗ ${wordsOf(error)}`)
      tell(`\nThe demo failed at step ${at + 1}, "${title}". Screenshots: ${PHOTOS}`)
      return 1
    }
  }
  tell(`\nEverything as promised, in ${Math.round((Date.now() - began) / 1000)} s. Screenshots: ${PHOTOS}`)
  return 0
}

function wordsOf(error: unknown): string {
  if (error instanceof Deviation) return error.message
  return error instanceof Error
    ? error.message.split('\n').filter(Boolean).slice(0, 6).join('\n     ')
    : String(error)
}
async function photoOfFailure(stage: Stage): Promise<void> {
  try {
    await stage.photo('failed')
  } catch {
    // Then there is no window to take a picture of.
  }
}
async function tidyUp(): Promise<void> {
  await cleanUp()
  await square?.close()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void tidyUp().finally(() => process.exit(130)))
}
let code = 1
try {
  code = await main()
} catch (error) {
  console.error(`✗ ${wordsOf(error)}`)
} finally {
  await tidyUp()
}
// Not by itself: answers that Square still holds back would keep the process for minutes.
process.exit(code)
