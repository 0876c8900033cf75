import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { BrowserAnswer } from '../../../build/browser.mjs'

const MODULE = new URL('../../../build/bundled-chromium.mjs', import.meta.url).href
const EMPTY_TAR = Buffer.alloc(1024)
const WORKS = '#!/bin/sh\necho Chromium 1.0\n'
const NEEDS_ITS_LIBRARIES = `#!/bin/sh
[ -n "$LD_LIBRARY_PATH" ] && exec echo Chromium 1.0
echo "chromium: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127
`
const NEVER_WORKS = `#!/bin/sh
echo "chromium: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127
`
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A project whose browser package carries this script instead of a browser. */
function project(browser: string): { readonly root: string; readonly cache: string } {
  const root = mkdtempSync(join(tmpdir(), 'standin-browser-'))
  folders.push(root)
  const folder = join(root, 'node_modules', '@sparticuz', 'chromium')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'build'))
  const manifest = { name: '@sparticuz/chromium', version: '9.9.9', main: 'build/index.js' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'build', 'index.js'), '')
  writeFileSync(join(folder, 'bin', 'chromium.br'), brotliCompressSync(browser))
  for (const name of ['swiftshader', 'fonts', 'al2023']) {
    writeFileSync(join(folder, 'bin', `${name}.tar.br`), brotliCompressSync(EMPTY_TAR))
  }
  const real = createRequire(realpathSync(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  symlinkSync(dirname(real.resolve('tar-fs')), join(root, 'node_modules', 'tar-fs'))
  return { root, cache: join(root, 'cache') }
}

/** Asks in a process of its own, as the app, the demo and the tests do. */
async function ask(given: { readonly root: string; readonly cache: string }) {
  const script = `
    const { unpackBundledChromium } = await import(${JSON.stringify(MODULE)})
    const told = []
    const env = { XDG_CACHE_HOME: ${JSON.stringify(given.cache)} }
    const answer = await unpackBundledChromium({ root: ${JSON.stringify(given.root)}, env, onUnpack: (line) => told.push(line) })
    console.log(JSON.stringify({ answer, told }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return JSON.parse(stdout) as { answer: BrowserAnswer; told: string[] }
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the browser that npm brings', () => {
  test('is unpacked by one of several processes and found by all, then kept', async () => {
    const given = project(WORKS)
    const all = await Promise.all([ask(given), ask(given), ask(given)])
    const path = join(given.cache, 'counterfoil', 'chromium-9.9.9', 'chromium')
    for (const { answer } of all) expect(answer).toMatchObject({ kind: 'found', path, source: 'bundled' })
    const unpackers = all.filter(({ told }) => told.some((line) => line.startsWith('Unpacking')))
    expect(unpackers).toHaveLength(1)
    expect((await ask(given)).told).toEqual([])
    expect(readdirSync(join(given.cache, 'counterfoil'))).toEqual(['chromium-9.9.9'])
  })

  test('is unpacked although a killed process left its lock and its part', async () => {
    const given = project(WORKS)
    const cache = join(given.cache, 'counterfoil')
    mkdirSync(join(cache, 'chromium-9.9.9.99999999.partial'), { recursive: true })
    writeFileSync(join(cache, 'chromium-9.9.9.lock'), '99999999')
    expect((await ask(given)).answer).toMatchObject({ kind: 'found' })
    expect(readdirSync(cache)).toEqual(['chromium-9.9.9'])
  })

  test('brings libraries where the system lacks them, and says in one line what is missing else', async () => {
    const own = await ask(project(NEEDS_ITS_LIBRARIES))
    expect(own.answer).toMatchObject({
      env: { LD_LIBRARY_PATH: expect.stringContaining('libraries/lib') as string },
    })
    const none = await ask(project(NEVER_WORKS))
    expect(none.answer).toMatchObject({
      kind: 'none',
      message: expect.stringContaining('the system library libnss3.so is missing') as string,
    })
  })
})
