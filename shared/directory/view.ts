import { EMPTY_FIELDS, type CustomerFields } from '../customer/customer.ts'
import { projectFields } from '../customer/patch.ts'
import { laneOfRow, openEntries } from '../outbox/fold-log.ts'
import type { Entry, LogState } from '../outbox/log-state.ts'
import type { CustomerRow, RowStatus } from './row.ts'

/** The part of a row that is stored truth; the rest follows from it and the log. */
export type RowCore = Pick<CustomerRow, 'localId' | 'squareId' | 'remote' | 'deleted' | 'deletedAt'>

/**
 * A row as staff see it: `local = remote + open patches in order` (S2), with its status. Where the remote is not known, on
 * what the forms of the open operations knew of it: the log has that, also for a directory that was built anew.
 */
export function viewOf(core: RowCore, state: LogState): CustomerRow {
  const open = openEntries(state, laneOfRow(state, core))
  const { localId, squareId, remote, deleted, deletedAt } = core
  return {
    localId,
    squareId,
    remote,
    deleted,
    ...(deleted && deletedAt !== undefined ? { deletedAt } : {}),
    local:
      open.length === 0 && remote
        ? remote.fields
        : projectFields(remote?.fields ?? lastKnown(open), patchesOf(open)),
    openOps: open.length,
    status: statusOf(core, open),
    hidden:
      deleted || (open.some((entry) => entry.op.kind === 'delete') && !open.some((entry) => entry.question)),
  }
}

/** The patches of operations in order; a delete has none. */
export function patchesOf(entries: readonly Entry[]) {
  return entries.flatMap(({ op }) => (op.kind === 'delete' ? [] : [op.patch]))
}

/**
 * What Square held when the newest of these operations was promised. It names the customer and loses nothing of them, and
 * is no remote: any version of Square takes its place. A new customer begins with nothing, whatever an old form showed.
 */
function lastKnown(open: readonly Entry[]): CustomerFields {
  let known = EMPTY_FIELDS
  for (const { op } of open) {
    if (op.kind === 'create') return EMPTY_FIELDS
    known = op.basis?.fields ?? (op.kind === 'delete' ? op.seen.fields : known)
  }
  return known
}

function statusOf(core: RowCore, open: readonly Entry[]): RowStatus {
  if (open.some((entry) => entry.question)) return 'needs-you'
  if (core.squareId && !core.remote) return 'loading'
  return open.length > 0 ? 'saved-here' : 'in-square'
}
