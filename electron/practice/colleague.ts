import { applyChanges, fieldsOf } from './apply-changes.ts'
import { readChanges } from './check-fields.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
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
}

/** The colleague of this store. */
export function createColleague(store: Store): Colleague {
  const { state } = store
  const by = 'colleague' as const

  function read(changes: WireChanges): Outcome<WireChanges> {
    const checked = readChanges(changes, 'edit', 'clears')
    if (checked.kind === 'refused' || !checked.value.phone_number) return checked
    const phone = checked.value.phone_number
    return ok({ ...checked.value, phone_number: store.readPhone(phone) ?? phone })
  }

  function change(before: WireCustomer, fields: WireFields, call: Call): Outcome<WireCustomer> {
    const after = store.changed(before, fields, call)
    store.write({ kind: 'update', by, before, after, idempotencyKey: null }, call)
    return ok(after)
  }

  return {
    create(changes, call) {
      const checked = read(changes)
      if (checked.kind === 'refused') return checked
      const after = store.newCustomer(applyChanges({}, checked.value, store.rules), 'DIRECTORY', call)
      store.write({ kind: 'create', by, before: null, after, idempotencyKey: null }, call)
      return ok(after)
    },
    edit(id, changes, call) {
      const before = state.customers.get(id)
      if (!before) return noSuchCustomer(id)
      const checked = read(changes)
      if (checked.kind === 'refused') return checked
      return change(before, applyChanges(fieldsOf(before), checked.value, store.rules), call)
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
      store.write({ kind: 'delete', by, before, after: null, idempotencyKey: null }, call)
      return ok(before)
    },
    merge(ids, call) {
      const sources: WireCustomer[] = []
      for (const id of new Set(ids)) {
        const source = state.customers.get(id)
        if (!source) return noSuchCustomer(id)
        sources.push(source)
      }
      if (sources.length < 2) return refuse('BAD_REQUEST', 'At least two profiles are needed for a merge.')
      const after = mergedProfile(store, sources, call)
      // First the new profile, then the old ones: at no moment is nobody there.
      store.write({ kind: 'merge', by, before: null, after, idempotencyKey: null }, call)
      for (const before of sources) {
        state.merged.set(before.id, after.id)
        store.write({ kind: 'merge', by, before, after: null, idempotencyKey: null }, call)
      }
      return ok(after)
    },
  }
}

function mergedProfile(store: Store, sources: readonly WireCustomer[], call: Call): WireCustomer {
  const fields: Record<string, unknown> = {}
  const lost: string[] = []
  for (const source of sources) {
    for (const [name, value] of Object.entries(fieldsOf(source))) {
      if (fields[name] === undefined) fields[name] = value
      else if (JSON.stringify(fields[name]) !== JSON.stringify(value))
        lost.push(`${name}: ${readable(value)}`)
    }
  }
  if (lost.length > 0) {
    const [year, month, day] = new Date(call.now).toISOString().slice(0, 10).split('-')
    const suffix = ` Merged on ${month}/${day}/${year}. Following fields were not transferred: ${lost.join(', ')}.`
    fields['note'] = `${typeof fields['note'] === 'string' ? fields['note'] : ''}${suffix}`
  }
  const groups = [...new Set(sources.flatMap((source) => source.group_ids ?? []))]
  const profile = store.newCustomer(fields, 'MERGE', call)
  return groups.length > 0 ? { ...profile, group_ids: groups } : profile
}

function readable(value: unknown): string {
  return typeof value === 'string' ? value : Object.values(value as Record<string, string>).join(' ')
}
