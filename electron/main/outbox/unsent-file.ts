import type { ImportRefusal } from '#shared/storage.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { Operation, StoreId } from '#shared/outbox/operation.ts'
import { everSent, targetOf } from '#shared/outbox/fold-log.ts'
import { operation } from '../ipc/operation-schemas.ts'
import { count, exactly, flag, label, listOf, one, store as storeSchema } from '../ipc/schema-parts.ts'
import { crc32 } from './record-frame.ts'

/** The largest file that is read, in bytes; ten thousand operations of everyday size take a tenth of it. */
export const UNSENT_FILE_LIMIT = 64 * 1024 * 1024

const FILE = 'counterfoil-unsent-work'
const FORMAT = 1
const OPERATIONS_LIMIT = 100_000
/** What some editors put before a text, to mark it as UTF-8. */
const BYTE_ORDER_MARK = /^\uFEFF/

/**
 * The open operations of a store as a file for people and for another PC (SPEC, "The file of unsent work"); null where
 * nothing is open. `at` is a label.
 */
export function unsentFile(
  state: LogState,
  store: StoreId,
  at: string,
): { text: string; operations: number } | null {
  const operations = [...state.entries.values()].map((entry) => ({
    sent: everSent(entry),
    op: portable(state, entry.op),
  }))
  if (operations.length === 0) return null
  const content = { file: FILE, format: FORMAT, store, at, operations }
  const text = `${JSON.stringify({ ...content, checksum: crcOf(operations) }, null, 1)}\n`
  return { text, operations: operations.length }
}

export type UnsentWork =
  | { readonly kind: 'read'; readonly operations: readonly Operation[] }
  | {
      readonly kind: 'refused'
      readonly reason: Extract<ImportRefusal, 'not-ours' | 'damaged' | 'newer' | 'wrong-store'>
    }

const header = exactly({ file: one(FILE), format: count() }).noUnknown(false)
const whole = exactly({
  file: one(FILE),
  format: count(),
  store: storeSchema,
  at: label(),
  operations: listOf(exactly({ sent: flag(), op: operation }), OPERATIONS_LIMIT),
  checksum: count(),
})

/** Reads such a file for a store. All of it is as it was written and of that store, or nothing of it is believed. */
export function readUnsentFile(text: string, store: StoreId): UnsentWork {
  let value: unknown
  try {
    value = JSON.parse(text.replace(BYTE_ORDER_MARK, ''))
  } catch {
    // Cut or flipped on its way here, if it ever was one of ours.
    return refused(text.includes(FILE) ? 'damaged' : 'not-ours')
  }
  if (!header.isValidSync(value, { strict: true })) return refused('not-ours')
  if (value.format > FORMAT) return refused('newer')
  if (!whole.isValidSync(value, { strict: true })) return refused('damaged')
  if (value.checksum !== crcOf(value.operations)) return refused('damaged')
  const all = [value.store, ...value.operations.map(({ op }) => op.store)]
  const ours = (one: StoreId) => one.merchantId === store.merchantId && one.environment === store.environment
  if (!all.every(ours)) return refused('wrong-store')
  return { kind: 'read', operations: value.operations.map(({ op }) => op) }
}

/** What the local id stands for is known to this log alone: it goes along. */
function portable(state: LogState, op: Operation): Operation {
  if (op.kind === 'create' || op.squareId !== null) return op
  return { ...op, squareId: targetOf(state, op.localId) }
}

function crcOf(operations: unknown): number {
  return crc32(Buffer.from(JSON.stringify(operations), 'utf8'))
}

function refused(reason: Extract<UnsentWork, { kind: 'refused' }>['reason']): UnsentWork {
  return { kind: 'refused', reason }
}
