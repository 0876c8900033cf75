import type { RemoteCustomer } from '../customer/customer.ts'
import { applyRemoteToRows, type Directory, type Pulled } from './project-record.ts'
import { isPastRecovery, isToCome } from './sweep.ts'
import { viewOf } from './view.ts'

/** What a pull brought. */
export interface Page {
  readonly remotes: readonly RemoteCustomer[]
  readonly how: Pulled
  /** Square ids that were asked for and do not exist, by Square's time of that answer. */
  readonly missing?: readonly string[]
  readonly squareTime?: string | null
  readonly retire?: Retire
}
/** Local ids of deleted rows to look at: those past recovery go, the others are given a date (S23). */
export interface Retire {
  readonly localIds: readonly string[]
  /** Square's time, from two answers of its: should one of them be wrong by years, nobody goes too early. */
  readonly now: { readonly atLeast: string; readonly atMost: string }
}
export interface AppliedPage {
  /** Held back, because a create of ours may have made them (S9). */
  readonly heldBack: readonly RemoteCustomer[]
  /** Square ids listed, although this PC knows them deleted or merged away: only an answer by id brings them back. */
  readonly reappeared: readonly string[]
  /** Local ids of rows that are gone for good. */
  readonly purged: readonly string[]
}

/** Applies a page to the rows (S9, S11, S23). Applying it again changes nothing more. */
export function applyPage(directory: Directory, page: Page): AppliedPage {
  const { rows, state } = directory
  const { remotes, how, missing = [], squareTime = null, retire } = page
  const reappeared =
    how === 'listed'
      ? remotes.flatMap(({ id }) => (rows.bySquareId(id)?.deleted || state.aliases.has(id) ? id : []))
      : []
  for (const remote of remotes) applyRemoteToRows(directory, remote, how)
  for (const squareId of missing) {
    const row = rows.bySquareId(squareId)
    // With open operations the question of what now is put to a person (S10); without, there is nothing to lose.
    if (!row || row.openOps > 0 || row.deleted) continue
    rows.put(
      viewOf({ ...row, deleted: true, ...(squareTime === null ? {} : { deletedAt: squareTime }) }, state),
    )
  }
  const heldBack = remotes.filter(({ id }) => !state.aliases.has(id) && !rows.bySquareId(id))
  return { heldBack, reappeared, purged: retire ? retireRows(directory, retire) : [] }
}

function retireRows({ rows }: Directory, { localIds, now }: Retire): string[] {
  const purged: string[] = []
  for (const localId of localIds) {
    const row = rows.get(localId)
    if (!row?.deleted) continue
    if (isPastRecovery(row, now.atLeast)) {
      rows.delete(localId)
      purged.push(localId)
    } else if (row.deletedAt === undefined || isToCome(row.deletedAt, now.atMost)) {
      rows.put({ ...row, deletedAt: now.atMost })
    }
  }
  return purged
}
