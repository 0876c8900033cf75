// What carries the app: Electron itself, or its stand-in with a browser. Decisions only; what they need is passed in.

/**
 * The runtime and the reason in words, or one line that says why there is none.
 * @param {import('./runtime.mjs').RuntimeQuestion} question
 * @returns {Promise<import('./runtime.mjs').Runtime>}
 */
export async function chooseRuntime(question) {
  const { env, platform, electron } = question
  const wanted = env['COUNTERFOIL_RUNTIME'] || undefined
  if (wanted !== undefined && wanted !== 'electron' && wanted !== 'stand-in') {
    return {
      kind: 'none',
      message: `COUNTERFOIL_RUNTIME is "${wanted}"; it can be "electron" or "stand-in".`,
    }
  }
  if (wanted === 'stand-in') return standIn(question, 'COUNTERFOIL_RUNTIME asks for it')
  if (wanted === undefined && !hasDisplay(platform, env)) {
    return standIn(question, 'there is no display, which Electron needs')
  }
  const installed = electron.installed()
  if (installed) return { kind: 'electron', path: installed, why: 'installed' }
  const size = await electron.reach()
  if (size === undefined) {
    const why = 'Electron is not installed and its download cannot be reached'
    return wanted ? { kind: 'none', message: `${why}.` } : standIn(question, why)
  }
  const fetched = await electron.fetch(size)
  if (fetched.kind === 'fetched') return { kind: 'electron', path: fetched.path, why: 'fetched just now' }
  const why = `Electron could not be fetched (${fetched.why})`
  return wanted ? { kind: 'none', message: `${why}.` } : standIn(question, why)
}

/**
 * True where a window can be seen: always, but for Linux without a graphical session.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/**
 * @param {import('./runtime.mjs').RuntimeQuestion} question
 * @param {string} why
 * @returns {Promise<import('./runtime.mjs').Runtime>}
 */
async function standIn({ env, platform, browser }, why) {
  if (platform === 'win32') return { kind: 'none', message: `On Windows the app needs Electron: ${why}.` }
  const found = await browser()
  if (found.kind === 'none') return found
  const headlessBecause = hasDisplay(platform, env)
    ? found.source === 'bundled' && 'the browser that npm brought has no windows'
    : 'there is no display'
  return { kind: 'stand-in', browser: found.path, why, ...(headlessBecause ? { headlessBecause } : {}) }
}
