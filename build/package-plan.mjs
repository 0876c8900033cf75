/** @type {Readonly<Record<string, string>>} */
const PLATFORMS = { '--win': 'win32', '--mac': 'darwin', '--linux': 'linux' }
/** @type {Readonly<Record<string, string>>} */
const FLAGS = { win32: '--win', darwin: '--mac', linux: '--linux' }

/**
 * What to fetch and what to tell electron-builder. Without a platform: the one this runs on.
 * @param {readonly string[]} args as given after `npm run package --`
 * @param {string} platform
 * @param {string} arch
 */
export function packagePlan(args, platform, arch) {
  const asked = args.flatMap((argument) => PLATFORMS[argument] ?? [])
  const own = FLAGS[platform]
  if (asked.length === 0 && !own) {
    return /** @type {const} */ ({
      kind: 'refused',
      why: `cannot package: there is no package for ${platform}.`,
    })
  }
  if (asked.includes('darwin') && platform !== 'darwin') {
    return /** @type {const} */ ({
      kind: 'refused',
      why: 'cannot package: a macOS app can be signed on macOS only.',
    })
  }
  return /** @type {const} */ ({
    kind: 'planned',
    platforms: asked.length > 0 ? asked : [platform],
    arch: asked.includes('win32') ? 'x64' : arch,
    builderArguments: asked.length > 0 ? [...args] : [String(own), ...args],
  })
}
