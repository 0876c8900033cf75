import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figures.ts'

const FIRST_VIEW_KB = 350

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

/** The files of its script tags and modulepreloads and all they import statically; lazy chunks are not among them. */
export function eagerScripts(page: string): string[] {
  const found = new Set<string>()
  const html = readFileSync(page, 'utf8')
  const tags = [...html.matchAll(/<script\b[^>]*>|<link\b[^>]*\brel="modulepreload"[^>]*>/g)]
  const named = tags.flatMap(([tag]) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? [])
  if (named.length === 0) throw new Error(`${page} loads no script`)
  const follow = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    const statics = readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*["'](\.{1,2}\/[^"']+)["']/g)
    for (const [, path] of statics) follow(join(dirname(file), path!))
  }
  for (const path of named) follow(join(dirname(page), path.replace(/^\//, './')))
  return [...found]
}
