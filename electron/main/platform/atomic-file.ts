import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../sync-folder.ts'

/**
 * Replaces a small file as a whole: after a power cut it holds the old text or the new, never a part. Mode 0600.
 * Rejects where the disk refuses; the old file is then untouched.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const next = `${file}.new`
  const handle = await open(next, 'w', 0o600)
  try {
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await renameOver(next, file)
  } catch (error) {
    // Half a file of customers does not stay on somebody's stick.
    await rm(next, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(file))
}

/** The file's text, or null where there is no such file. Rejects for any other reason. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  }
}

/** The file's JSON as `parse` understands it; null where there is none or it is not understood. */
export async function readJson<T>(file: string, parse: (value: unknown) => T | null): Promise<T | null> {
  try {
    const text = await readIfThere(file)
    return text === null ? null : parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Windows refuses the rename for a moment while a virus scanner or a backup has the old file open. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to)
    } catch (error) {
      const busy = isErrno(error, 'EPERM') || isErrno(error, 'EBUSY') || isErrno(error, 'EACCES')
      if (!busy || attempt === 10) throw error
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt))
    }
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
