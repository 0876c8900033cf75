import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { APP_FOLDER } from './support/app.ts'
import { ROOT } from './support/runtime.ts'

let folder: string
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-spoilt-'))
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the demo notices a build that omits the version from updates, and names what was overwritten (S6)', async () => {
  cpSync(join(APP_FOLDER, 'package.json'), join(folder, 'package.json'))
  for (const part of ['main', 'preload', 'renderer'])
    cpSync(join(APP_FOLDER, 'out', part), join(folder, 'out', part), { recursive: true })
  omitVersion(join(folder, 'out', 'main'))

  const { code, output } = await runDemo({
    COUNTERFOIL_APP: folder,
    COUNTERFOIL_DEMO_PHOTOS: join(folder, 'photos'),
  })
  expect(output).toMatch(
    /✗ a colleague's change was overwritten without a question: phone number of Eleanor Whitfield, \+12065550192 in Square, is now \+12065550191/,
  )
  expect(code).toBe(1)
})

/** Spoils the one place where the built gateway puts the version into an update. */
function omitVersion(bundle: string): void {
  const place =
    /(function toUpdateRequest\(squareId, version, body\) \{[^;]*;[^;]*?)\n\s*version: BigInt\(version\),/
  const files = readdirSync(bundle, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(bundle, name))
    .filter((file) => place.test(readFileSync(file, 'utf8')))
  expect(files, 'chunks that put the version into an update').toHaveLength(1)
  const [file = ''] = files
  const text = readFileSync(file, 'utf8')
  expect(text.match(new RegExp(place, 'g'))).toHaveLength(1)
  writeFileSync(file, text.replace(place, '$1'))
}

function runDemo(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/demo/demo.ts'], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
