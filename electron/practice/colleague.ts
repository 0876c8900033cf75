import { NEWEST_VERSION, dialectOf } from './api-version.ts'
import { applyChanges, fieldsOf } from './apply-changes.ts'
import { addDefinition } from './attribute-definitions.ts'
import type { JsonObject } from './check-fields.ts'
import { addGroup, changeMembership, deleteGroup } from './groups.ts'
import { noSuchCustomer, ok, type Outcome } from './outcome.ts'
import { mergeProfiles } from './merge.ts'
import { readChanges } from './read-changes.ts'
import { restoreProfile } from './recovery.ts'
import { setSegment } from './segments.ts'
import type { Call, Store } from './store.ts'
import type { WireGroup, WireSegment } from './wire-extras.ts'
import type { WireChanges, WireCustomer, WireFields } from './wire.ts'

/** What somebody at the dashboard or another till does: no version, no key, always the newest state. */
export interface Colleague {
  create(changes: WireChanges, call: Call): Outcome<WireCustomer>
  /** Phone numbers become E.164, as the dashboard writes them. */
  edit(id: string, changes: WireChanges, call: Call): Outcome<WireCustomer>
  /** Takes the newest change of this customer back: the same content as before under a higher version. */
  revert(id: string, call: Call): Outcome<WireCustomer>
  remove(id: string, call: Call): Outcome<WireCustomer>
  /**
   * Makes one new profile of several, as the dashboard does: new id, source MERGE, version 0; the first that has a field
   * keeps it, what is lost is noted, the old ids lead to the new profile.
   */
  merge(ids: readonly string[], call: Call): Outcome<WireCustomer>
  /**
   * Brings a profile back that was deleted or merged away at most 30 days ago, as Square's support does: source
   * DELETION_RECOVERY or UNMERGE_RECOVERY, a new id unless the flag `restoredId` says otherwise.
   */
  restore(id: string, call: Call): Outcome<WireCustomer>
  createGroup(name: string, call: Call): WireGroup
  deleteGroup(id: string, call: Call): Outcome<Record<string, never>>
  /** Puts a customer into a group, or takes it out. */
  setGroup(id: string, groupId: string, member: boolean, call: Call): Outcome<Record<string, never>>
  /** Exactly these customers are in the segment of that name now, which Square works out by itself. */
  setSegment(name: string, customerIds: readonly string[], call: Call): WireSegment
  /** A custom field of the seller: a definition owned by nobody's application, seen and written by all. */
  createField(key: string, schema: JsonObject, name: string, call: Call): Outcome<unknown>
}

/** The colleague of this store. */
export function createColleague(store: Store): Colleague {
  const { state } = store
  const by = 'colleague' as const
  const rules = { addressRule: 'merge', country: store.merchant.country } as const

  function read(changes: WireChanges, call: Call): Outcome<WireChanges> {
    const { flags } = store
    // Whatever an API version or a flag says: an emptied box at the dashboard is cleared.
    const dialect = dialectOf(NEWEST_VERSION, false, { ...flags, emptyText: 'clears' })
    const checked = readChanges(changes, 'edit', { ...store.fieldRules(call), dialect })
    if (checked.kind === 'refused' || !checked.value.phone_number) return checked
    const phone = checked.value.phone_number
    return ok({ ...checked.value, phone_number: store.readPhone(phone) ?? phone })
  }

  function change(before: WireCustomer, fields: WireFields, call: Call): Outcome<WireCustomer> {
    const after = store.changed(before, fields, call)
    store.write({ kind: 'update', by, before, after }, call)
    return ok(after)
  }

  return {
    create(changes, call) {
      const checked = read(changes, call)
      if (checked.kind === 'refused') return checked
      const after = store.newCustomer(applyChanges({}, checked.value, rules), 'DIRECTORY', call)
      store.write({ kind: 'create', by, before: null, after }, call)
      return ok(after)
    },
    edit(id, changes, call) {
      const before = state.customers.get(id)
      if (!before) return noSuchCustomer(id)
      const checked = read(changes, call)
      if (checked.kind === 'refused') return checked
      return change(before, applyChanges(fieldsOf(before), checked.value, rules), call)
    },
    revert(id, call) {
      const before = state.customers.get(id)
      const earlier = state.previous.get(id)
      if (!before || !earlier) return noSuchCustomer(id)
      return change(before, earlier, call)
    },
    remove(id, call) {
      const before = state.customers.get(id)
      if (!before) return noSuchCustomer(id)
      store.write({ kind: 'delete', by, before, after: null }, call)
      return ok(before)
    },
    merge: (ids, call) => mergeProfiles(store, ids, call),
    restore: (id, call) => restoreProfile(store, id, call),
    createGroup: (name, call) => addGroup(store, name, call),
    deleteGroup: (id, call) => deleteGroup(store, call, id, by),
    setGroup: (id, groupId, member, call) => changeMembership(store, id, groupId, member, call, by),
    setSegment: (name, customerIds, call) => setSegment(store, name, customerIds, call),
    createField(key, schema, name, call) {
      const visibility = 'VISIBILITY_READ_WRITE_VALUES'
      return addDefinition(store, { key, schema, name, description: name, visibility }, 'square', call)
    },
  }
}
