import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figures.ts'

const FIRST_VIEW_KB = 350

const STATIC = /\b(?:from|import)\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g
const ANY = /\b(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g

/** The scripts a page loads before anything is asked of it, gzipped; kB of 1000 bytes. */
export function measureScripts(app: string): Figure[] {
  const scripts = eagerScripts(join(app, 'out/renderer/index.html'))
  const bytes = scripts.map((file) => gzipSync(readFileSync(file)).byteLength)
  const benchmark = 'first view'
  return [
    {
      benchmark,
      name: `${scripts.length} scripts, gzip`,
      value: bytes.reduce((sum, one) => sum + one, 0) / 1_000,
      unit: 'kB',
      budget: { atMost: FIRST_VIEW_KB },
    },
  ]
}

/**
 * The files of its script tags and modulepreloads, what these import at all (the first script only begins to load the
 * window), and what is imported statically from there; chunks that wait for a view are not among them.
 */
export function eagerScripts(page: string): string[] {
  const found = new Set<string>()
  const html = readFileSync(page, 'utf8')
  const tags = [...html.matchAll(/<script\b[^>]*>|<link\b[^>]*\brel="modulepreload"[^>]*>/g)]
  const named = tags.flatMap(([tag]) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? [])
  if (named.length === 0) throw new Error(`${page} loads no script`)
  const follow = (file: string, imports: RegExp) => {
    if (found.has(file)) return
    found.add(file)
    const paths = readFileSync(file, 'utf8').matchAll(imports)
    for (const [, path] of paths) follow(join(dirname(file), path!), STATIC)
  }
  for (const path of named) follow(join(dirname(page), path.replace(/^\//, './')), ANY)
  return [...found]
}
