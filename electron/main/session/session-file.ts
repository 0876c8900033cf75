import type { StoreId } from '#shared/outbox/operation.ts'
import type { Seller } from '#shared/session.ts'
import { exactly, label, nothing, one, store } from '../ipc/schema-parts.ts'
import { readJson, writeAtomically } from '../platform/atomic-file.ts'

/** The store that was open last, so that it opens again at the next start, also without the line. */
export interface LastStore {
  readonly store: StoreId
  readonly seller: Seller
}

const lastStore = exactly({ store, seller: exactly({ name: label(), country: label() }) })
const someone = exactly({ format: one('1'), open: lastStore })
const nobody = exactly({ format: one('1'), open: nothing() })

/** Null: nobody was signed in, or the file is not understood (then staff sign in again; nothing is lost by it). */
export async function readLastStore(file: string): Promise<LastStore | null> {
  return readJson(file, (value) => (someone.isValidSync(value, { strict: true }) ? value.open : null))
}

/** Remembers it, durably; false where the disk refuses. */
export async function writeLastStore(file: string, open: LastStore | null): Promise<boolean> {
  const content = { format: '1', open } as const
  if (!(open ? someone : nobody).isValidSync(content, { strict: true })) return false
  return writeAtomically(file, JSON.stringify(content)).then(
    () => true,
    () => false,
  )
}
