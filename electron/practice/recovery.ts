import { fieldsOf } from './apply-changes.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer } from './wire.ts'

const DAYS_30 = 30 * 24 * 60 * 60 * 1000

/** Brings back a profile that was deleted or merged away; the profile a merge made stays as it is. */
export function restoreProfile(store: Store, id: string, call: Call): Outcome<WireCustomer> {
  const { state, flags } = store
  const gone = state.gone.get(id)
  if (!gone) return noSuchCustomer(id)
  if (call.now - gone.at > DAYS_30)
    return refuse('BAD_REQUEST', 'A profile can be brought back for 30 days only.')
  const source = gone.how === 'deleted' ? 'DELETION_RECOVERY' : 'UNMERGE_RECOVERY'
  const fresh = store.newCustomer(fieldsOf(gone.customer), source, call)
  const { created_at, version } = gone.customer
  const after =
    flags.restoredId === 'new' ? fresh : { ...fresh, id, created_at, version: version + flags.versionStep }
  if (after.id === id) state.merged.delete(id)
  state.gone.delete(id)
  store.write({ kind: 'create', by: 'colleague', before: null, after }, call)
  return ok(after)
}
