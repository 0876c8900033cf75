import { fieldsOf } from './apply-changes.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer } from './wire.ts'

/** Makes one new profile of several; what belonged to the old ones moves to it. */
export function mergeProfiles(store: Store, ids: readonly string[], call: Call): Outcome<WireCustomer> {
  const sources: WireCustomer[] = []
  for (const id of new Set(ids)) {
    const source = store.state.customers.get(id)
    if (!source) return noSuchCustomer(id)
    sources.push(source)
  }
  if (sources.length < 2) return refuse('BAD_REQUEST', 'At least two profiles are needed for a merge.')
  const by = 'colleague'
  const after = mergedProfile(store, sources, call)
  moveBelongings(store, sources, after.id)
  // First the new profile, then the old ones: at no moment is nobody there.
  store.write({ kind: 'merge', by, before: null, after }, call)
  for (const before of sources) {
    store.state.merged.set(before.id, after.id)
    store.write({ kind: 'merge', by, before, after: null }, call)
  }
  return ok(after)
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

/** Cards all move; of two values of one attribute the first stays. */
function moveBelongings({ state }: Store, sources: readonly WireCustomer[], to: string): void {
  const cards = sources.flatMap(({ id }) => state.cards.get(id) ?? [])
  if (cards.length > 0) state.cards.set(to, cards)
  const attributes = sources.map(({ id }) => state.attributes.get(id) ?? {}).reverse()
  const kept = Object.assign({}, ...attributes) as (typeof attributes)[number]
  if (Object.keys(kept).length > 0) state.attributes.set(to, kept)
}

function readable(value: unknown): string {
  return typeof value === 'string' ? value : Object.values(value as Record<string, string>).join(' ')
}
