import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readCliOptions } from '#practice/cli-options.ts'
import { readFaults } from '#practice/fault-schema.ts'
import { readFlags } from '#practice/flags-schema.ts'
import { readJsonFile } from '#practice/read-json-file.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-practice-'))
const CLI = join(folder, 'cli.mjs')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
/** A file with that text. */
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Runs the command in a process of its own; as one file, because it starts four times as fast so. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  createInterface(child.stderr).on('line', (line) => errors.push(line))
  const lines = createInterface(child.stdout)
  return { child, lines, errors }
}

describe('options', () => {
  test('defaults', () => {
    expect(readCliOptions([])).toEqual({
      port: 0,
      customers: null,
      seed: 1,
      token: 'practice-token',
      flags: null,
      faults: null,
      control: null,
    })
  })

  test('all of them', () => {
    const args =
      '--port 8080 --customers 5 --seed 9 --token t --flags a --faults b --control-port 0 --control-token c'
    expect(readCliOptions(args.split(' '))).toEqual({
      port: 8080,
      customers: 5,
      seed: 9,
      token: 't',
      flags: 'a',
      faults: 'b',
      control: { port: 0, token: 'c' },
    })
  })

  test.each([
    ['--port 70000', '--port must be'],
    ['--port -1', '--port'],
    ['--customers many', '--customers must be'],
    ['--seed 1.5', '--seed must be'],
    ['--token ä', '--token must be'],
    ['--control-port 1', '--control-port and --control-token'],
    ['--prot 1', "Unknown option '--prot'"],
    ['stray', 'stray'],
  ])('%s is answered with one line', (args, words) => {
    const problem = readCliOptions(args.split(' '))
    expect(problem).toEqual(expect.stringContaining(words))
    expect(problem).not.toContain('\n')
  })
})

describe('the command', { timeout: 30_000 }, () => {
  beforeAll(() =>
    build({
      entryPoints: [join(ROOT, 'electron/practice/cli.ts')],
      outfile: CLI,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
  )

  test('prints one line, serves its customers and ends cleanly on SIGTERM', async () => {
    const { child, lines, errors } = run('--customers', '3', '--token', 'secret')
    const printed: string[] = []
    lines.on('line', (one) => printed.push(one))
    const [line] = (await once(lines, 'line')) as [string]
    const [, url, token] =
      /^Practice Square on (http:\/\/127\.0\.0\.1:\d+) \(token: (\S+)\)$/.exec(line) ?? []
    expect(token).toBe('secret')
    const response = await fetch(`${url}/v2/customers?count=true`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await response.json()).toMatchObject({ count: 3 })
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
    expect(printed).toEqual([line])
    expect(errors).toEqual([])
  })

  test.skipIf(process.platform === 'win32').each([
    ['SIGINT', 'npm alone', 0],
    ['SIGINT', 'everybody, as Ctrl+C does', 0],
    ['SIGTERM', 'npm alone', 0],
    ['SIGTERM', 'everybody, as Ctrl+C does', 0],
    ['SIGKILL', 'npm alone', null],
  ] as const)('started by npm: %s to %s ends it, exit %j, port free', async (signal, whom, code) => {
    const child = spawn('npm', ['run', '-s', 'practice-square', '--', '--customers', '1'], {
      cwd: ROOT,
      detached: true, // A process group of its own, so that all of it can be told at once.
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // As it should be: nobody is left.
      }
    })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const url = /http:\S+/.exec(line)?.[0] ?? ''
    process.kill(whom === 'npm alone' ? child.pid! : -child.pid!, signal)
    expect((await once(child, 'exit'))[0]).toBe(code)
    const answer = () => fetch(url).then(String, (error: Error) => (error.cause as { code?: string }).code)
    await expect.poll(answer, { timeout: 10_000 }).toBe('ECONNREFUSED')
  })

  test('the control face, where it is asked for, has a line of its own', async () => {
    const { child, lines } = run('--customers', '1', '--control-port', '0', '--control-token', 'hand')
    const printed: string[] = []
    lines.on('line', (one) => printed.push(one))
    await expect.poll(() => printed.length, { timeout: 20_000 }).toBe(2)
    const url = /^Control face on (http:\/\/127\.0\.0\.1:\d+)$/.exec(printed[1] ?? '')?.[1]
    const state = await fetch(`${url}/control/state`, { headers: { authorization: 'Bearer hand' } })
    expect(await state.json()).toMatchObject({ lineUp: true })
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test('a taken port: one clear line, exit 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { child, errors } = run('--port', String((other.address() as AddressInfo).port))
    const [code] = await once(child, 'close')
    other.close()
    expect(code).toBe(1)
    expect(errors).toEqual(['Cannot listen on 127.0.0.1: the port is taken.'])
  })

  test('a malformed option: one line, exit 1', async () => {
    const { child, errors } = run('--port', 'x')
    expect((await once(child, 'close'))[0]).toBe(1)
    expect(errors).toEqual(['--port must be a whole number from 0 to 65535, not "x".'])
  })

  test('flags and faults from files; ends cleanly although clients still wait', async () => {
    const flags = file('flags.json', '{"conflictStatus":400}')
    const faults = file('faults.json', '[{"kind":"delay","ms":600000,"path":"/v2/merchants"}]')
    const { child, lines, errors } = run('--customers', '1', '--flags', flags, '--faults', faults)
    const [line] = (await once(lines, 'line')) as [string]
    const url = /http:\S+/.exec(line)?.[0] ?? ''
    const headers = { authorization: 'Bearer practice-token', 'content-type': 'application/json' }
    const waiting = fetch(`${url}/v2/merchants/me`, { headers }).catch(() => 'broken')
    const { customers } = (await (await fetch(`${url}/v2/customers`, { headers })).json()) as {
      customers: { id: string }[]
    }
    const stale = await fetch(`${url}/v2/customers/${customers[0]?.id}?version=7`, {
      method: 'DELETE',
      headers,
    })
    expect(stale.status).toBe(400)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await waiting).toBe('broken')
    expect(errors).toEqual([])
  })

  test.each([
    ['--faults', '[{"kind":"delay"}]', '[0].ms: is a required field'],
    ['--flags', '{"conflictStatus":410}', 'conflictStatus: must be one of the following values: 400, 409'],
    ['--flags', '{"conflictStatus":', 'line 1, column 19: is not JSON: expected a value, found the end'],
  ])('%s %s: one line with file, path and reason, exit 1', async (option, text, words) => {
    const path = file('malformed.json', text)
    const { child, errors } = run(option, path)
    expect((await once(child, 'close'))[0]).toBe(1)
    expect(errors).toEqual([`${path}: ${words}`])
  })
})

describe('files that are wrong', () => {
  const flags = (path: string) => readJsonFile(path, readFlags)
  const faults = (path: string) => readJsonFile(path, readFaults)

  test.each([
    ['', ': line 1, column 1: is not JSON: expected a value, found the end'],
    ['{"a":\n\n', ': line 3, column 1: is not JSON: expected a value, found the end'],
    ['[{"kind": "drop"},]', ': line 1, column 19: is not JSON: expected a value, found `]`'],
    ['kind: drop', ': line 1, column 1: is not JSON: expected a value, found `kind`'],
    ['{"kind": "drop"}', ': the whole: must be a `array` type'],
    ['[["drop"]]', ': [0]: must be a `object` type'],
    ['[{"kind": "drop"}, {"kind": "drip"}]', ': [1].kind: must be one of'],
    ['[{"kind": "delay"}]', ': [0].ms: is a required field'],
    ['[{"kind": "delay", "ms": "5"}]', ': [0].ms: must be a `number` type'],
    ['[{"kind": "drop", "tims": 5}]', ': [0].tims: is not known here'],
    ['[{"kind": "colleague-edits", "changes": {"givn_name": "x"}}]', ': [0].changes.givn_name: is not known'],
    ['[null]', ': [0]: '],
    ['null', ': the whole: '],
  ])('faults: %s', (text, words) => {
    const path = file('faults.json', text)
    const line = faults(path)
    expect(line).toEqual(expect.stringMatching(/^[^\n]+$/))
    expect(line).toEqual(expect.stringContaining(`${path}${words}`))
  })

  test.each([
    ['[]', ': the whole: must be a `object` type'],
    ['"conflictStatus"', ': the whole: must be a `object` type'],
    ['{"conflictStatus": "409"}', ': conflictStatus: must be'],
    ['{"conflictstatus": 409}', ': conflictstatus: is not known here'],
    ['{"keyWindowMs": 1.5}', ': keyWindowMs: must be an integer'],
    ['{"keyWindowMs": 1e999}', ': keyWindowMs: must be an integer'],
    ['{"noOpBumps": null}', ': noOpBumps: '],
  ])('flags: %s', (text, words) => {
    const path = file('flags.json', text)
    const line = flags(path)
    expect(line).toEqual(expect.stringMatching(/^[^\n]+$/))
    expect(line).toEqual(expect.stringContaining(`${path}${words}`))
  })

  test('one that is not there, and a folder', () => {
    const nowhere = join(folder, 'nowhere.json')
    expect(flags(nowhere)).toBe(`${nowhere}: the whole: cannot be read (ENOENT)`)
    expect(flags(folder)).toBe(`${folder}: the whole: cannot be read (EISDIR)`)
  })

  // root may read whatever it likes
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('one that may not be read', () => {
    const path = file('secret.json', '{}')
    chmodSync(path, 0)
    expect(flags(path)).toBe(`${path}: the whole: cannot be read (EACCES)`)
  })

  test('a byte order mark before it is no fault', () => {
    expect(flags(file('marked.json', '\uFEFF{"versionStep": 2}'))).toEqual({ value: { versionStep: 2 } })
  })
})
