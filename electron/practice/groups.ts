import { fieldsOf } from './apply-changes.ts'
import { checkKeys, isObject, missing, wrongType, type JsonObject } from './check-fields.ts'
import { keyReused, once, readKey } from './idempotency.ts'
import { namedPage, pageOfList } from './list-page.ts'
import { readQuery } from './page-parameters.ts'
import { andThen, noSuchCustomer, ok, refuse, type Outcome, type Refused } from './outcome.ts'
import type { Effect } from './options.ts'
import { changeTime, iso, type Call, type Store } from './store.ts'
import type { WireCustomer } from './wire.ts'
import type { WireGroup } from './wire-extras.ts'

const GROUP_KEYS = new Set(['id', 'name', 'created_at', 'updated_at'])
const MOST = 50

/** GET /v2/customers/groups, in order of creation. */
export function listGroups(
  store: Store,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<unknown> {
  return andThen(readQuery(query, ['cursor', 'limit'], MOST, MOST), (asked) => {
    const groups = [...store.state.groups.values()]
    const page = pageOfList(store, groups, orderOf, { identity: 'groups', ...asked }, call)
    return andThen(page, (found) => ok(namedPage('groups', found)))
  })
}

/** GET /v2/customers/groups/{id}. */
export function retrieveGroup(store: Store, id: string): Outcome<{ group: WireGroup }> {
  const group = store.state.groups.get(id)
  return group ? ok({ group }) : noSuchGroup(id)
}

/** POST /v2/customers/groups. Names need not differ. */
export function createGroup(store: Store, body: JsonObject, call: Call): Outcome<{ group: WireGroup }> {
  return andThen(readKey(body), (key) =>
    andThen(readName(body, ['group', 'idempotency_key'], store, call), (name) => {
      const used = key !== null && store.state.otherKeys.has(`groups ${key}`)
      if (used && store.fieldRules(call).dialect.groupKeys === 'refused') return keyReused()
      return once(store, 'groups', key, body, call, () => ok({ group: addGroup(store, name, call) }))
    }),
  )
}

/** PUT /v2/customers/groups/{id}. */
export function updateGroup(
  store: Store,
  body: JsonObject,
  call: Call,
  id: string,
): Outcome<{ group: WireGroup }> {
  return andThen(readName(body, ['group'], store, call), (name) =>
    andThen(retrieveGroup(store, id), ({ group: before }) => {
      const group = { ...before, name, updated_at: changeTime(call.now, store.flags) }
      store.state.groups.set(id, group)
      return ok({ group })
    }),
  )
}

/** DELETE /v2/customers/groups/{id}: everybody leaves it. */
export function deleteGroup(
  store: Store,
  call: Call,
  id: string,
  by: Effect['by'] = 'api',
): Outcome<Record<string, never>> {
  if (!store.state.groups.delete(id)) return noSuchGroup(id)
  for (const customer of [...store.state.customers.values()])
    if (customer.group_ids?.includes(id)) setMembership(store, customer, id, false, by, call)
  return ok({})
}

/** PUT and DELETE /v2/customers/{id}/groups/{group_id}; who is there already, or is not, stays unchanged. */
export function changeMembership(
  store: Store,
  id: string,
  groupId: string,
  member: boolean,
  call: Call,
  by: Effect['by'] = 'api',
): Outcome<Record<string, never>> {
  const customer = store.findForWrite(id)
  if (!customer) return noSuchCustomer(id)
  if (!store.state.groups.has(groupId)) return noSuchGroup(groupId)
  if ((customer.group_ids?.includes(groupId) ?? false) !== member)
    setMembership(store, customer, groupId, member, by, call)
  return ok({})
}

/** A new group, whoever makes it. */
export function addGroup(store: Store, name: string, { now }: Call): WireGroup {
  const group = { id: store.newId(), name, created_at: iso(now), updated_at: changeTime(now, store.flags) }
  store.state.groups.set(group.id, group)
  return group
}

function setMembership(
  store: Store,
  before: WireCustomer,
  groupId: string,
  member: boolean,
  by: Effect['by'],
  call: Call,
): void {
  const others = (before.group_ids ?? []).filter((id) => id !== groupId)
  const group_ids = member ? [...others, groupId] : others
  const { group_ids: _before, ...rest } = store.flags.groupsBump
    ? store.changed(before, fieldsOf(before), call)
    : before
  const after = { ...rest, ...(group_ids.length > 0 ? { group_ids } : {}) }
  store.write({ kind: 'update', by, before, after }, call)
}

function readName(body: JsonObject, keys: readonly string[], store: Store, call: Call): Outcome<string> {
  const strict = store.fieldRules(call).dialect.unknownFields === 'refused'
  const unknown = strict ? checkKeys(body, new Set(keys)) : null
  if (unknown) return unknown
  const group = body['group'] ?? null
  if (group === null) return missing('group')
  if (!isObject(group)) return wrongType('group', 'object')
  const strange = strict ? checkKeys(group, GROUP_KEYS, 'group.') : null
  if (strange) return strange
  const name = group['name'] ?? null
  if (name === null) return missing('group.name')
  if (typeof name !== 'string') return wrongType('group.name', 'string')
  return name.trim() === '' ? refuse('VALUE_EMPTY', 'Field must not be blank.', 'group.name') : ok(name)
}

/** Groups and segments alike: in order of creation. */
export function orderOf({ created_at, id }: WireGroup): string {
  return `${created_at} ${id}`
}

function noSuchGroup(id: string): Refused {
  return refuse('NOT_FOUND', `Customer group with ID \`${id}\` not found.`)
}
