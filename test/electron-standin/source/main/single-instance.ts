import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import type { Wire } from '../codec/wire.ts'

/** What the second instance tells the first. */
export interface SecondInstance {
  readonly argv: string[]
  readonly workingDirectory: string
  readonly additionalData: unknown
}
interface Note {
  readonly argv: string[]
  readonly workingDirectory: string
  readonly additionalData: Wire
}
export type LockOutcome =
  { readonly kind: 'first' } | { readonly kind: 'second'; readonly told: Promise<void> }

/** One instance per userData folder: a symbolic link that names the process, and a socket to reach it by. */
export class InstanceLock {
  readonly #onSecond: (second: SecondInstance) => void
  #held: { readonly link: string; readonly server: Server } | undefined

  constructor(onSecond: (second: SecondInstance) => void) {
    this.#onSecond = onSecond
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  request(userData: string, additionalData: unknown): LockOutcome {
    if (this.#held) return { kind: 'first' }
    const link = join(userData, 'standin-instance')
    const socket = socketFor(userData)
    while (!take(link)) {
      const holder = readLink(link)
      if (holder === undefined) continue
      if (isRunning(holder)) {
        const argv = process.argv
        const note: Note = { argv, workingDirectory: process.cwd(), additionalData: encode(additionalData) }
        return { kind: 'second', told: tell(socket, note) }
      }
      removeStale(link, holder)
    }
    rmSync(socket, { force: true })
    this.#held = { link, server: this.#listen(socket) }
    return { kind: 'first' }
  }

  release(): void {
    this.#held?.server.close()
    if (this.#held) rmSync(this.#held.link, { force: true })
    this.#held = undefined
  }

  #listen(socket: string): Server {
    const server = createServer((connection) => {
      let text = ''
      connection.setEncoding('utf8')
      connection.on('data', (piece: string) => (text += piece))
      connection.on('error', () => {})
      connection.on('end', () => {
        const note = JSON.parse(text) as Note
        this.#onSecond({ ...note, additionalData: decode(note.additionalData) })
      })
    })
    server.on('error', (error) => console.error('stand-in: second instances cannot be heard:', error.message))
    server.listen(socket)
    return server.unref()
  }
}

/** Short enough for a socket's name, however long the folder's is; in a folder that only this user can enter. */
function socketFor(userData: string): string {
  const folder = join(tmpdir(), `electron-standin-${userInfo().username}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${createHash('sha256').update(userData).digest('hex').slice(0, 16)}.sock`)
}

function take(link: string): boolean {
  try {
    symlinkSync(identity(process.pid), link)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readLink(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

/** Moved aside before it is removed: if another process has taken over meanwhile, it gets its link back. */
function removeStale(link: string, holder: string): void {
  const aside = `${link}-${randomUUID()}`
  try {
    renameSync(link, aside)
    if (readLink(aside) === holder) rmSync(aside, { force: true })
    else renameSync(aside, link)
  } catch {
    // Another process was quicker.
  }
}

/** A process by its id and, where the system tells, its start: ids are used again. */
function identity(pid: number): string {
  return `${pid}-${startOf(pid)}`
}
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
function isRunning(holder: string): boolean {
  const pid = Number(holder.split('-')[0])
  try {
    process.kill(pid, 0)
    return identity(pid) === holder
  } catch {
    return false
  }
}

function tell(socket: string, note: Note): Promise<void> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => connection.end(JSON.stringify(note)))
    connection.on('close', () => resolve()).on('error', () => resolve())
  })
}
