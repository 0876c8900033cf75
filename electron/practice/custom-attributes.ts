import {
  checkReadVersion,
  findDefinition,
  LONGEST_KEY,
  maySee,
  ownerOf,
  shown,
} from './attribute-definitions.ts'
import { checkValue } from './attribute-schema.ts'
import { checkKeys, isObject, missing, wrongType, type JsonObject } from './check-fields.ts'
import { conflict, readBodyVersion } from './customers.ts'
import { once, readKey } from './idempotency.ts'
import { namedPage, pageOfList } from './list-page.ts'
import { andThen, noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import { checkParameters, readFlag, readQuery } from './page-parameters.ts'
import type { AttributeDefinition, AttributeValue } from './state.ts'
import { changeTime, type Call, type Store } from './store.ts'
import type { WireError } from './wire.ts'
import type { WireAttribute } from './wire-extras.ts'

type Wrapped = { readonly custom_attribute: WireAttribute }
const NAME = 'custom_attribute'
const KEYS = new Set(['key', 'value', 'version', 'visibility', 'definition', 'created_at', 'updated_at'])
const BULK_MOST = 25

/** GET /v2/customers/{id}/custom-attributes: those the caller may see. */
export function listAttributes(
  store: Store,
  id: string,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<unknown> {
  const customer = store.find(id)
  if (!customer) return noSuchCustomer(id)
  const read = readQuery(query, ['cursor', 'limit', 'with_definitions'], 20, 100)
  const asks = andThen(read, (asked) =>
    andThen(readFlag(query, 'with_definitions'), (withDefinitions) => ok({ asked, withDefinitions })),
  )
  return andThen(asks, ({ asked, withDefinitions }) => {
    const values = Object.entries(store.state.attributes.get(customer.id) ?? {})
    const attributes = values.flatMap(([qualified, value]) => {
      const definition = store.state.definitions.get(qualified)
      return definition && maySee(definition, call) ? [written(definition, value, withDefinitions, call)] : []
    })
    const identity = ['attributes', id]
    const page = pageOfList(store, attributes, ({ key }) => key, { identity, ...asked }, call)
    return andThen(page, (found) => ok(namedPage(`${NAME}s`, found)))
  })
}

/** GET /v2/customers/{id}/custom-attributes/{key}. */
export function retrieveAttribute(
  store: Store,
  id: string,
  key: string,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<Wrapped> {
  const unknown = checkParameters(query, ['with_definition', 'version'])
  if (unknown) return unknown
  const customer = store.find(id)
  if (!customer) return noSuchCustomer(id)
  return andThen(findDefinition(store, key, call), (definition) => {
    const value = store.state.attributes.get(customer.id)?.[qualified(definition)]
    if (!value) return noSuchAttribute(key)
    return andThen(checkReadVersion(query, value.version), () =>
      andThen(readFlag(query, 'with_definition'), (withDefinition) =>
        ok({ [NAME]: written(definition, value, withDefinition, call) }),
      ),
    )
  })
}

/** POST /v2/customers/{id}/custom-attributes/{key}: made or overwritten, with a version compare-and-set. */
export function upsertAttribute(
  store: Store,
  body: JsonObject,
  call: Call,
  id: string,
  key: string,
): Outcome<Wrapped> {
  const unknown = checkKeys(body, new Set([NAME, 'idempotency_key']))
  if (unknown) return unknown
  return andThen(readKey(body, LONGEST_KEY), (idempotencyKey) =>
    once(store, `attribute ${id} ${key}`, idempotencyKey, body, call, () =>
      setAttribute(store, body[NAME], id, key, call),
    ),
  )
}

/** DELETE /v2/customers/{id}/custom-attributes/{key}. */
export function deleteAttribute(
  store: Store,
  call: Call,
  id: string,
  key: string,
): Outcome<Record<string, never>> {
  const customer = store.findForWrite(id)
  if (!customer) return noSuchCustomer(id)
  return andThen(findWritable(store, key, call), (definition) => {
    const { [qualified(definition)]: value, ...rest } = store.state.attributes.get(customer.id) ?? {}
    if (!value) return noSuchAttribute(key)
    store.state.attributes.set(customer.id, rest)
    return ok({})
  })
}

/** POST /v2/customers/custom-attributes/bulk-upsert: a map of any id to customer and attribute, each on its own. */
export function bulkUpsertAttributes(store: Store, body: JsonObject, call: Call): Outcome<unknown> {
  const unknown = checkKeys(body, new Set(['values']))
  if (unknown) return unknown
  const values = body['values'] ?? null
  if (values === null) return missing('values')
  if (!isObject(values)) return wrongType('values', 'map')
  const entries = Object.entries(values)
  if (entries.length === 0) return refuse('VALUE_EMPTY', 'Field must not be blank.', 'values')
  if (entries.length > BULK_MOST)
    return refuse('TOO_MANY_MAP_ENTRIES', `Map must not have more than ${BULK_MOST} entries.`, 'values')
  const answers = entries.map(([name, given]) => [name, upsertOne(store, given, call)] as const)
  return ok({ values: Object.fromEntries(answers) })
}

function upsertOne(
  store: Store,
  given: unknown,
  call: Call,
): { customer_id: string; custom_attribute: WireAttribute } | { errors: readonly WireError[] } {
  const outcome = ((): Outcome<{ customer_id: string; custom_attribute: WireAttribute }> => {
    if (!isObject(given)) return wrongType('values', 'object')
    const unknown = checkKeys(given, new Set(['customer_id', NAME, 'idempotency_key']))
    if (unknown) return unknown
    const { customer_id: id, custom_attribute: attribute, ...key } = given
    if (typeof id !== 'string' || id === '') return missing('customer_id')
    if (!isObject(attribute)) return missing(NAME)
    if (typeof attribute['key'] !== 'string') return missing(`${NAME}.key`)
    const upserted = upsertAttribute(
      store,
      { custom_attribute: attribute, ...key },
      call,
      id,
      attribute['key'],
    )
    return andThen(upserted, (value) => ok({ customer_id: id, ...value }))
  })()
  return outcome.kind === 'ok' ? outcome.value : { errors: outcome.errors }
}

function setAttribute(store: Store, given: unknown, id: string, key: string, call: Call): Outcome<Wrapped> {
  if (given === undefined || given === null) return missing(NAME)
  if (!isObject(given)) return wrongType(NAME, 'object')
  const unknown = checkKeys(given, KEYS, `${NAME}.`)
  if (unknown) return unknown
  const { value } = given
  if (value === undefined || value === null) return missing(`${NAME}.value`)
  const customer = store.findForWrite(id)
  if (!customer) return noSuchCustomer(id)
  return andThen(readBodyVersion(given), (version) =>
    andThen(findWritable(store, key, call), (definition) => {
      const wrong = checkValue(definition.wire.schema, value, `${NAME}.value`)
      if (wrong) return wrong
      const all = store.state.attributes.get(customer.id) ?? {}
      const before = all[qualified(definition)]
      if (version !== null && version !== before?.version) return conflict(store, version)
      const now = changeTime(call.now, store.flags)
      const after: AttributeValue = {
        value,
        version: (before?.version ?? 0) + 1,
        created_at: before?.created_at ?? now,
        updated_at: now,
      }
      store.state.attributes.set(customer.id, { ...all, [qualified(definition)]: after })
      return ok({ [NAME]: written(definition, after, false, call) })
    }),
  )
}

function findWritable(store: Store, key: string, call: Call): Outcome<AttributeDefinition> {
  return andThen(findDefinition(store, key, call), (definition) =>
    definition.owner === ownerOf(call) || definition.wire.visibility === 'VISIBILITY_READ_WRITE_VALUES'
      ? ok(definition)
      : refuse('FORBIDDEN', 'The values of this definition are read only.', 'key'),
  )
}

function qualified({ owner, wire }: AttributeDefinition): string {
  return `${owner}:${wire.key}`
}

function written(
  definition: AttributeDefinition,
  { value, version, created_at, updated_at }: AttributeValue,
  withDefinition: boolean,
  call: Call,
): WireAttribute {
  const wire = shown(definition, call)
  return {
    key: wire.key,
    value,
    version,
    visibility: wire.visibility,
    ...(withDefinition ? { definition: wire } : {}),
    created_at,
    updated_at,
  }
}

function noSuchAttribute(key: string) {
  return refuse('NOT_FOUND', `Custom attribute with key \`${key}\` not found.`)
}
