import type { Bridge } from '#shared/ipc/bridge.ts'
import type { Directory } from './database.ts'
import { createDirectoryPull, type DirectoryPull, type PullOptions } from './directory-pull.ts'
import { isStoredRow } from './parse.ts'
import type { Projector } from './projector.ts'
import { begunAgain, isStoredPull, type StoredPull } from './stored-pull.ts'
import { sweepRecords } from './sweep-records.ts'
import { vouch, type VouchParts } from './vouch.ts'

export interface OpenPullParts extends Pick<
  PullOptions,
  'schedule' | 'isVisible' | 'wallIso' | 'onFault' | 'onProgress' | 'waiting'
> {
  readonly db: Directory
  readonly projector: Pick<Projector, 'applyPage' | 'read'>
  readonly ask: Bridge['invoke']['directory:pull']
  readonly vouching: Omit<VouchParts, 'db' | 'projector'>
}

/** The pull of an open directory. */
export function openPull({ db, projector, vouching, ...options }: OpenPullParts): DirectoryPull {
  return createDirectoryPull({
    ...options,
    apply: (page) => projector.applyPage(page),
    readState: () => readPull(db),
    // Without it they are looked for one by one.
    vouch: (state) =>
      vouch({ db, projector, ...vouching }, state).catch((error: unknown) =>
        options.onFault('book.vouch', error),
      ),
    isEmpty: async () => (await db.customers.where('squareId').above('').limit(1).count()) === 0,
    loadingIds: async (atMost) => {
      // Whoever is known deleted is not asked for, and however many they are they stand before nobody.
      const rows = db.customers
        .where('status')
        .equals('loading')
        .filter((row) => isStoredRow(row) && row.squareId !== null && !row.deleted)
      return (await rows.limit(atMost).toArray()).flatMap(({ squareId }) => squareId ?? [])
    },
    sweepRecords: sweepRecords(db),
  })
}

/** Everything is listed again: the directory is older than it was, or has holes. What is here stays. */
export async function pullAnew(db: Directory): Promise<void> {
  await db.pull.put(begunAgain(await readPull(db)))
}

async function readPull(db: Directory): Promise<StoredPull | null> {
  const state: unknown = await db.pull.get('state')
  return isStoredPull(state) ? state : null
}
