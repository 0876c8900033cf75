import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { readJson, writeAtomically } from './atomic-file.ts'

/** So long the system may take to say which PC this is: the book does not open before. */
const PATIENCE_MS = 5_000

const run = (file: string, args: readonly string[]) =>
  promisify(execFile)(file, args, { timeout: PATIENCE_MS })

/**
 * An id of this PC, hashed so that it says nothing about it: a log found with another one was copied here (S20). It is
 * read from the system, not kept beside the log, because a copied folder would bring it along; what was read is kept
 * only to be used on a day the system does not answer, or not in time.
 */
export async function readMachineId(options: {
  readonly keepIn: string
  readonly readSystemId?: () => Promise<string>
  readonly patienceMs?: number
}): Promise<string> {
  const kept = await readJson(options.keepIn, (value) => {
    const { id } = value as { id?: unknown }
    return typeof id === 'string' ? id : null
  })
  const { readSystemId = systemId, patienceMs = PATIENCE_MS } = options
  const id = (await fromSystem(readSystemId, patienceMs)) ?? kept ?? randomUUID()
  if (id !== kept) await writeAtomically(options.keepIn, JSON.stringify({ id })).catch(() => undefined)
  return id
}

async function fromSystem(read: () => Promise<string>, patienceMs: number): Promise<string | null> {
  try {
    const id = (await Promise.race([read(), nothingAfter(patienceMs)])).trim()
    return id === '' ? null : createHash('sha256').update(`counterfoil:${id}`).digest('hex').slice(0, 32)
  } catch {
    return null
  }
}

function nothingAfter(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(''), ms).unref())
}

async function systemId(): Promise<string> {
  switch (process.platform) {
    case 'win32':
      return matchIn(
        await run('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid']),
        /MachineGuid\s+REG_SZ\s+(\S+)/,
      )
    case 'darwin':
      return matchIn(
        await run('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
        /"IOPlatformUUID" = "([^"]+)"/,
      )
    default:
      return readFile('/etc/machine-id', 'utf8')
  }
}

function matchIn(output: { readonly stdout: string }, pattern: RegExp): string {
  return pattern.exec(output.stdout)?.[1] ?? ''
}
