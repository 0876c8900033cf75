// Whether something built is older than what it is built from.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The newest change below a file or folder, in ms since 1970; undefined where there is nothing.
 * @param {string} path
 * @returns {number | undefined}
 */
export function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isDirectory()) return stat.mtimeMs
  // The folder's own time counts too: it changes when a file is removed.
  const below = readdirSync(path).map((name) => newestChange(join(path, name)) ?? 0)
  return Math.max(stat.mtimeMs, ...below)
}

/**
 * True if one of the results is missing, or older than the newest of the sources.
 * @param {readonly string[]} sources files or folders
 * @param {readonly string[]} results files
 * @param {(path: string) => number | undefined} [changeOf]
 */
export function isStale(sources, results, changeOf = newestChange) {
  const built = results.map(changeOf)
  const oldest = Math.min(...built.map((change) => change ?? -Infinity))
  return sources.some((path) => (changeOf(path) ?? 0) > oldest)
}
