import { randomInt } from 'node:crypto'
import { readCliOptions, type CliOptions } from './cli-options.ts'
import { createFaultPlan, type FaultPlan } from './fault-plan.ts'
import { readFaults } from './fault-schema.ts'
import { readFlags } from './flags-schema.ts'
import { createPracticeModel, type PracticeModel } from './model.ts'
import { ALL_SCOPES } from './options.ts'
import { practiceOAuth } from './practice-application.ts'
import { readJsonFile } from './read-json-file.ts'
import { seedMany, seedPractice } from './seed.ts'
import { startPracticeServer } from './server.ts'
import { newSquareId } from './square-id.ts'

const PARENT = process.ppid

async function main(): Promise<void> {
  const options = readCliOptions(process.argv.slice(2))
  if (typeof options === 'string') return fail(options)
  const flags = options.flags === null ? { value: {} } : readJsonFile(options.flags, readFlags)
  if (typeof flags === 'string') return fail(flags)
  const faults = options.faults === null ? { value: [] } : readJsonFile(options.faults, readFaults)
  if (typeof faults === 'string') return fail(faults)

  const model = createPracticeModel({
    newId: () => newSquareId(randomInt),
    tokens: { [options.token]: { scopes: ALL_SCOPES, state: 'valid' } },
    flags: flags.value,
  })
  if (options.customers === null) seedPractice(model, Date.now())
  else seedMany(model, options.customers, options.seed, Date.now())
  await serve(model, createFaultPlan(faults.value, options.seed), options)
}

async function serve(
  model: PracticeModel,
  faults: FaultPlan,
  { port, token, control }: CliOptions,
): Promise<void> {
  // Before the line that says it listens: whoever reads it may end us at once.
  let stop = (): void => process.exit(0)
  // Not `once`: what npm passes on comes a second time where the signal went to the whole group.
  process.on('SIGINT', () => stop())
  process.on('SIGTERM', () => stop())
  endWithNpm(() => stop())
  const started = await startPracticeServer({
    model,
    now: Date.now,
    port,
    faults,
    oauth: practiceOAuth(model),
    ...(control ? { control } : {}),
  })
  if (started.kind === 'failed') {
    const why = {
      'port-taken': 'the port is taken',
      'not-allowed': 'the port may not be used',
      other: started.detail,
    }
    fail(`Cannot listen on 127.0.0.1: ${why[started.reason]}.`)
    return
  }
  const { server } = started
  stop = () => void server.close()
  console.log(`Practice Square on ${server.url} (token: ${token})`)
  if (server.controlUrl !== null) console.log(`Control face on ${server.controlUrl}`)
}

/** npm passes signals on, but not that it was killed itself: that shows in another parent. */
function endWithNpm(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'practice-square') return
  const watch = setInterval(() => {
    if (process.ppid === PARENT) return
    clearInterval(watch)
    stop()
  }, 200)
  watch.unref()
}

function fail(line: string): void {
  console.error(line)
  process.exitCode = 1
}

await main()
