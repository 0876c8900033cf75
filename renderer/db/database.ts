import { Dexie, type Table } from 'dexie'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { IndexedDbParts } from './idb-request.ts'
import type { StoredAnswer, StoredDraft, StoredFact, StoredHistory, StoredRow } from './stored.ts'
import type { StoredEntry, StoredLogValue, StoredMeta, StoredRedirect } from './stored.ts'
import type { SetAside } from './stored.ts'
import type { ListedIds, StoredPull } from './stored-pull.ts'

/** Raised with each change of the tables; a store written by a newer version is never opened. */
export const DIRECTORY_VERSION = 2

/**
 * The directory of one store (S16): every customer, the mirror of the log up to `lastSeq`, and what is being typed. It
 * can be rebuilt from Square and the log, except for drafts and half-given answers, and for history and consent that the
 * log has compacted.
 */
export type Directory = Dexie & {
  readonly customers: Table<StoredRow, string>
  readonly redirects: Table<StoredRedirect, string>
  readonly outbox: Table<StoredEntry, string>
  readonly logState: Table<StoredLogValue, [string, string]>
  readonly meta: Table<StoredMeta, string>
  readonly history: Table<StoredHistory, string>
  readonly facts: Table<StoredFact, string>
  readonly drafts: Table<StoredDraft, string>
  readonly answers: Table<StoredAnswer, string>
  readonly pull: Table<StoredPull | ListedIds, string>
  readonly setAside: Table<SetAside, number>
}

export type OpenedDirectory =
  | { readonly kind: 'opened'; readonly db: Directory }
  | { readonly kind: 'refused'; readonly reason: 'newer' | 'unreadable' }

/** The name never changes: another name is another, empty directory. */
export function directoryName(store: StoreId): string {
  return `counterfoil-${store.environment}-${store.merchantId}`
}

/**
 * Opens the store's directory. One written by a newer app is refused and left as it is; where the browser cannot open
 * it, it is tried again by `retryAfterMs` and then refused, too. Nothing is ever deleted.
 */
export async function openDirectory(
  store: StoreId,
  parts: IndexedDbParts,
  pause: { readonly sleep: (ms: number) => Promise<void>; readonly retryAfterMs: readonly number[] },
): Promise<OpenedDirectory> {
  const name = directoryName(store)
  for (const wait of [...pause.retryAfterMs, null]) {
    try {
      if (await isNewer(name, parts.indexedDB)) return { kind: 'refused', reason: 'newer' }
      // Dexie's cache serves its live queries alone; ours are told by the commits.
      const options = { ...parts, chromeTransactionDurability: 'strict', cache: 'disabled' } as const
      const db = describe(new Dexie(name, options))
      await db.open()
      return { kind: 'opened', db }
    } catch {
      if (wait !== null) await pause.sleep(wait)
    }
  }
  return { kind: 'refused', reason: 'unreadable' }
}

// Asked before Dexie opens it: Dexie opens newer databases, too, and adds to them what it misses.
async function isNewer(name: string, indexedDB: IDBFactory): Promise<boolean> {
  const known = await indexedDB.databases()
  const version = known.find((database) => database.name === name)?.version ?? 0
  // Dexie counts in tenths.
  return version >= (DIRECTORY_VERSION + 1) * 10
}

function describe(db: Dexie): Directory {
  db.version(1).stores({
    customers: 'localId, squareId, status',
    redirects: 'from',
    outbox: 'opId',
    logState: '[map+id]',
    meta: 'key',
    history: 'opId, localId',
    facts: 'localId',
    drafts: 'opId',
    pull: 'key',
    setAside: '++n',
  })
  db.version(2).stores({ answers: 'opId' })
  db.use({
    stack: 'dbcore',
    name: 'durability',
    create: (core) => ({
      ...core,
      transaction: (stores: string[], mode: 'readonly' | 'readwrite') =>
        core.transaction(stores, mode, { durability: durabilityOf(stores) }),
    }),
  })
  return db as Directory
}

/** What Square and the log can give again, the log also after it was compacted (S21). */
const REBUILDABLE: ReadonlySet<string> = new Set([
  'customers',
  'redirects',
  'outbox',
  'logState',
  'meta',
  'pull',
])

/**
 * How durable a transaction is, by its tables (S1): `relaxed`, that is, written but not waited for, where all of it can
 * be rebuilt; `strict` as soon as it could write anything that nobody else holds. A table nobody thought of is strict.
 */
export function durabilityOf(stores: readonly string[]): 'strict' | 'relaxed' {
  return stores.every((store) => REBUILDABLE.has(store)) ? 'relaxed' : 'strict'
}
