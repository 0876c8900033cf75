// Whether something built is older than what it is built from.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a build keeps there for itself is no source of it. */
const MADE_BY_TOOLS = 'node_modules'

/**
 * The newest change below a file or folder, in ms since 1970; undefined where there is nothing.
 * @param {string} path
 * @returns {number | undefined}
 */
export function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isDirectory()) return stat.mtimeMs
  const names = readdirSync(path)
  const sources = names.filter((name) => name !== MADE_BY_TOOLS)
  const below = sources.map((name) => newestChange(join(path, name)) ?? 0)
  // The folder's own time counts too, for it changes when a file is removed; but also when a tool puts its own into it.
  return Math.max(sources.length < names.length ? 0 : stat.mtimeMs, ...below)
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
