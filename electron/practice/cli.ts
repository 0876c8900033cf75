import { randomInt } from 'node:crypto'
import { readCliOptions } from './cli-options.ts'
import { createPracticeModel } from './model.ts'
import { ALL_SCOPES } from './options.ts'
import { seedMany, seedPractice } from './seed.ts'
import { startPracticeServer } from './server.ts'
import { newSquareId } from './square-id.ts'

async function main(): Promise<void> {
  const options = readCliOptions(process.argv.slice(2))
  if (typeof options === 'string') return fail(options)
  const model = createPracticeModel({
    newId: () => newSquareId(randomInt),
    tokens: { [options.token]: { scopes: ALL_SCOPES, state: 'valid' } },
  })
  if (options.customers === null) seedPractice(model, Date.now())
  else seedMany(model, options.customers, options.seed, Date.now())
  const { control } = options
  const started = await startPracticeServer({
    model,
    now: Date.now,
    port: options.port,
    ...(control ? { control } : {}),
  })
  if (started.kind === 'failed') {
    const why = {
      'port-taken': 'the port is taken',
      'not-allowed': 'the port may not be used',
      other: started.detail,
    }
    return fail(`Cannot listen on 127.0.0.1: ${why[started.reason]}.`)
  }
  const { server } = started
  console.log(`Practice Square on ${server.url} (token: ${options.token})`)
  if (server.controlUrl !== null) console.log(`Control face on ${server.controlUrl}`)
  const stop = () => void server.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function fail(line: string): void {
  console.error(line)
  process.exitCode = 1
}

await main()
