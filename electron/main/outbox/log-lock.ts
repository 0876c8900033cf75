import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export type LockResult =
  | { readonly kind: 'held'; readonly release: () => Promise<void> }
  | { readonly kind: 'taken' }
  /** This system offers no such lock (a sandbox, an exotic platform). */
  | { readonly kind: 'unavailable' }

/**
 * Makes this process the only writer of a folder. The lock is a name that one process can listen on - a named pipe on
 * Windows, an abstract socket on Linux - because the system gives it back when the process ends in whatever way: there is
 * no lock file that a kill leaves behind and no process number that another program has taken over.
 *
 * Limits: it holds on one machine (and on Linux in one network namespace), not for a folder shared over the network; a
 * folder reached by two different paths has two names; macOS has only sockets that are files, where a left one is
 * recognised by nobody answering, and two starts in the same instant may both take it over. Electron's own single-instance
 * lock stands before this one.
 */
export async function lockFolder(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<LockResult> {
  const name = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)
  switch (platform) {
    case 'win32':
      return listen(`\\\\.\\pipe\\counterfoil-${name}`)
    case 'linux':
      return listen(`\0counterfoil-${name}`)
    default: {
      const path = join(tmpdir(), `counterfoil-${name.slice(0, 16)}.lock`)
      const first = await listen(path)
      if (first.kind !== 'taken' || (await isAnswered(path))) return first
      await rm(path, { force: true }).catch(() => undefined)
      return listen(path)
    }
  }
}

function listen(path: string): Promise<LockResult> {
  return new Promise((settle) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'EADDRINUSE' ? { kind: 'taken' } : { kind: 'unavailable' }),
    )
    server.listen(path, () => {
      server.unref() // it never keeps the process alive
      settle({ kind: 'held', release: () => closed(server) })
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((settle) => server.close(() => settle()))
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path)
    const answer = (answered: boolean) => {
      socket.destroy()
      settle(answered)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
