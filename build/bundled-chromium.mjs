// The Chromium that the devDependency @sparticuz/chromium carries (Linux on x64, headless only), unpacked once per user.
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createBrotliDecompress } from 'node:zlib'

const PACKAGE = '@sparticuz/chromium'
const NO_BROWSER =
  'No browser was found. Install Chromium, Chrome or Edge, or name one: COUNTERFOIL_BROWSER=/path/to/chromium'

/**
 * The path of the unpacked browser. Several processes may ask at once: one unpacks into a folder of its own and renames
 * it into place, so a browser that can be seen is complete; the others wait for it.
 * @param {import('./browser.mjs').UnpackQuestion} question
 * @returns {Promise<import('./browser.mjs').BrowserAnswer>}
 */
export async function unpackBundledChromium({ root, env, onUnpack }) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { kind: 'none', message: NO_BROWSER }
  const source = findPackage(root)
  if (!source) return { kind: 'none', message: `${NO_BROWSER} (or run npm ci, which brings one)` }
  try {
    const cache = await writableCache(env)
    const folder = join(cache, `chromium-${source.version}`)
    if (!existsSync(join(folder, 'ready.json'))) await unpackOnce(folder, source, onUnpack)
    const ready = JSON.parse(await readFile(join(folder, 'ready.json'), 'utf8'))
    if (ready.problem) return { kind: 'none', message: ready.problem }
    return {
      kind: 'found',
      path: join(folder, 'chromium'),
      source: 'bundled',
      env: environmentOf(folder, ready, env),
    }
  } catch (error) {
    return { kind: 'none', message: `The browser of ${PACKAGE} could not be unpacked: ${messageOf(error)}` }
  }
}

/** @param {string} root */
function findPackage(root) {
  try {
    const require = createRequire(join(root, 'package.json'))
    const entry = require.resolve(PACKAGE)
    const folder = join(dirname(entry), '..')
    const version = /** @type {string} */ (require(join(folder, 'package.json')).version)
    return { archives: join(folder, 'bin'), version, require: createRequire(entry) }
  } catch {
    return undefined
  }
}

/** @param {NodeJS.ProcessEnv} env */
async function writableCache(env) {
  const given = env['XDG_CACHE_HOME']
  const places = [
    ...(given && isAbsolute(given) ? [given] : []),
    join(homedir(), '.cache'),
    join(tmpdir(), `cache-${process.getuid?.() ?? 'user'}`),
  ]
  for (const place of places) {
    const folder = join(place, 'counterfoil')
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const probe = join(folder, `.writable-${process.pid}`)
      await writeFile(probe, '')
      await rm(probe)
      return folder
    } catch {
      // Not writable: the next place.
    }
  }
  throw new Error(`no folder can be written to (tried ${places.join(', ')})`)
}

/**
 * @param {string} folder
 * @param {NonNullable<ReturnType<typeof findPackage>>} source
 * @param {(message: string) => void} onUnpack
 */
async function unpackOnce(folder, source, onUnpack) {
  const lock = `${folder}.lock`
  let told = false
  for (;;) {
    if (existsSync(join(folder, 'ready.json'))) return
    try {
      // Only saves work; what keeps the result whole is the rename.
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      if (!told) onUnpack('Waiting for another process that is unpacking Chromium …')
      told = true
      if (await isAbandoned(lock)) await rm(lock, { force: true })
      else await wait(200)
    }
  }
  const partial = `${folder}.${process.pid}.partial`
  try {
    if (existsSync(join(folder, 'ready.json'))) return
    onUnpack(`Unpacking Chromium ${source.version} to ${folder} (once, some 10 seconds) …`)
    await removeAbandonedParts(folder)
    await rm(partial, { recursive: true, force: true })
    await unpackInto(partial, source)
    await writeFile(join(partial, 'fonts', 'fonts.conf'), fontConfiguration(folder))
    await writeFile(join(partial, 'ready.json'), JSON.stringify(probe(partial)))
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
    await rm(lock, { force: true })
  }
}

/**
 * @param {string} folder
 * @param {NonNullable<ReturnType<typeof findPackage>>} source
 */
async function unpackInto(folder, source) {
  const tar = source.require('tar-fs')
  await mkdir(join(folder, 'fonts'), { recursive: true, mode: 0o700 })
  /** @param {string} name */
  const inflated = (name) => [
    createReadStream(join(source.archives, name)),
    createBrotliDecompress({ chunkSize: 1 << 21 }),
  ]
  const file = createWriteStream(join(folder, 'chromium'), { mode: 0o755 })
  await Promise.all([
    pipeline([...inflated('chromium.br'), file]),
    pipeline([...inflated('swiftshader.tar.br'), tar.extract(folder)]),
    pipeline([...inflated('fonts.tar.br'), tar.extract(join(folder, 'fonts'))]),
    pipeline([...inflated('al2023.tar.br'), tar.extract(join(folder, 'libraries'))]),
  ])
}

/**
 * Starts the fresh browser once: with the system's libraries, and where some are missing with those it brought along.
 * @param {string} folder
 */
function probe(folder) {
  /** @param {boolean} ownLibraries */
  const run = (ownLibraries) =>
    spawnSync(join(folder, 'chromium'), ['--version'], {
      env: { ...process.env, ...environmentOf(folder, { ownLibraries }, process.env) },
      encoding: 'utf8',
      timeout: 60_000,
    })
  for (const ownLibraries of [false, true]) if (run(ownLibraries).status === 0) return { ownLibraries }
  const missing = /error while loading shared libraries: ([^:]+)/.exec(run(false).stderr)?.[1]
  const why = missing
    ? `the system library ${missing} is missing (Debian, Ubuntu: apt install libnss3 libexpat1)`
    : 'it does not start here'
  return {
    problem: `The Chromium of ${PACKAGE} cannot be used: ${why}. COUNTERFOIL_BROWSER may name another one.`,
  }
}

/**
 * @param {string} folder
 * @param {{ ownLibraries?: boolean }} ready
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function environmentOf(folder, ready, env) {
  const libraries = [
    join(folder, 'libraries', 'lib'),
    ...(env['LD_LIBRARY_PATH'] ? [env['LD_LIBRARY_PATH']] : []),
  ]
  const ownFonts = !existsSync('/etc/fonts/fonts.conf') && !env['FONTCONFIG_PATH']
  return {
    ...(ready.ownLibraries ? { LD_LIBRARY_PATH: libraries.join(':') } : {}),
    ...(ownFonts ? { FONTCONFIG_PATH: join(folder, 'fonts') } : {}),
  }
}

/**
 * The package's own configuration names folders of another system.
 * @param {string} folder
 */
const fontConfiguration = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts/cache</cachedir>
</fontconfig>
`

/** @param {string} folder */
async function removeAbandonedParts(folder) {
  const parent = dirname(folder)
  for (const name of await readdir(parent)) {
    const pid = Number(/\.(\d+)\.partial$/.exec(name)?.[1])
    if (pid && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

/** @param {string} lock */
async function isAbandoned(lock) {
  const text = await readFile(lock, 'utf8').catch(() => '')
  return text !== '' && !isAlive(Number(text))
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined)
/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error))
