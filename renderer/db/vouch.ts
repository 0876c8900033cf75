import type { Bridge } from '#shared/ipc/bridge.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import { likeNobody, newCustomers } from '#shared/directory/vouch.ts'
import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import type { Directory } from './database.ts'
import { isStoredRow } from './parse.ts'
import type { Projector } from './projector.ts'
import { readChunks } from './read-rows.ts'
import type { StoredPull } from './stored-pull.ts'

export interface VouchParts {
  readonly db: Directory
  readonly store: StoreId
  readonly country: string
  readonly projector: Pick<Projector, 'read'>
  readonly vouch: Bridge['invoke']['directory:vouch']
}

/** As many as one message carries. */
const MOST = 1_000

/**
 * After a complete pull: tells main which new customers, of many that wait, the directory has nobody like (S9). Not while
 * anybody in the directory cannot be read (S13, S15).
 */
export async function vouch(
  { db, store, country, projector, ...parts }: VouchParts,
  state: StoredPull,
): Promise<void> {
  if (state.completeSince === null || (state.unreadable ?? 0) > 0) return
  const wanted = await projector.read((mirror) => Promise.resolve(newCustomers(mirror.state, country)))
  if (!wanted) return
  let damaged = false
  async function* rows() {
    for await (const read of readChunks(db)) {
      const rows = read.filter(isStoredRow)
      damaged ||= rows.length < read.length
      yield rows
    }
  }
  const opIds = await likeNobody(wanted, rows(), country)
  if (damaged) return
  const since = new Date(Date.parse(state.completeSince) - LAG_WAIT_MS).toISOString()
  for (let at = 0; at < opIds.length; at += MOST)
    await parts.vouch({ store, since, opIds: opIds.slice(at, at + MOST) })
}
