import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { syncFolder } from '../sync-folder.ts'

/** What the log needs of a file system, and no more: a test puts a failing one in its place. Every call may reject. */
export interface LogFs {
  /** Names in the folder; rejects with ENOENT where there is none. */
  list(folder: string): Promise<readonly string[]>
  read(file: string): Promise<Buffer>
  /** Makes the folder and those above it, mode 0700. */
  makeFolder(folder: string): Promise<void>
  /** A new file, mode 0600; rejects with EEXIST where there is one. */
  create(file: string): Promise<LogFd>
  /** An existing file for reading and writing. */
  open(file: string): Promise<LogFd>
  /** Writes a whole file, mode 0600; its content is durable, its name may not be. */
  write(file: string, bytes: Uint8Array): Promise<void>
  remove(file: string): Promise<void>
  /** Makes names in the folder durable, where the system can. */
  syncFolder(folder: string): Promise<void>
}
export interface LogFd {
  /** Bytes written, possibly fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>
  /** Content and length reach the disk (fdatasync). */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export const nodeLogFs: LogFs = {
  list: (folder) => readdir(folder),
  read: (file) => readFile(file),
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 })
    // A file is only as durable as the names that lead to it.
    for (let made = folder; first !== undefined; made = dirname(made)) {
      await syncFolder(dirname(made))
      if (resolve(made) === resolve(first)) break
    }
  },
  create: async (file) => nodeFd(await open(file, 'wx', 0o600)),
  open: async (file) => nodeFd(await open(file, 'r+')),
  async write(file, bytes) {
    const handle = await open(file, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.datasync()
    } finally {
      await handle.close()
    }
  },
  remove: (file) => rm(file, { force: true }),
  syncFolder,
}

function nodeFd(handle: Awaited<ReturnType<typeof open>>): LogFd {
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

/** Writes all bytes at a position; rejects where the disk takes no more. */
export async function writeAll(fd: LogFd, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await fd.write(bytes.subarray(done), position + done)
    if (written <= 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'ENOSPC' })
    done += written
  }
}
