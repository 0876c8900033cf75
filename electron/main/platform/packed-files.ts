import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** Address path on our origin (`/assets/index.js`) -> file on disk. */
export type PackedFiles = ReadonlyMap<string, PackedFile>
export interface PackedFile {
  readonly file: string
  readonly contentType: string
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/**
 * Lists the renderer's files once, at start. What is not in this list does not exist for the page: no path is ever made
 * from an address. Files of unknown kinds are left out. Rejects where the folder cannot be read.
 */
export async function listPackedFiles(folder: string): Promise<PackedFiles> {
  const files = new Map<string, PackedFile>()
  await collect(folder, '', files)
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}

async function collect(folder: string, prefix: string, files: Map<string, PackedFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const address = `${prefix}/${entry.name}`
    if (entry.isDirectory()) await collect(join(folder, entry.name), address, files)
    const contentType = CONTENT_TYPES[extname(entry.name)]
    if (entry.isFile() && contentType) files.set(address, { file: join(folder, entry.name), contentType })
  }
}
