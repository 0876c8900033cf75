import { readSchema, typeOf } from './attribute-schema.ts'
import { checkKeys, isObject, missing, tooLong, wrongType, type JsonObject } from './check-fields.ts'
import { conflict, readBodyVersion } from './customers.ts'
import { once, readKey } from './idempotency.ts'
import { namedPage, pageOfList } from './list-page.ts'
import { PRACTICE_APPLICATION } from './options.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import { checkParameters, readQuery } from './page-parameters.ts'
import type { AttributeDefinition } from './state.ts'
import { changeTime, type Call, type Store } from './store.ts'
import { VISIBILITIES, type Visibility, type WireAttributeDefinition } from './wire-extras.ts'

type Wrapped = { readonly custom_attribute_definition: WireAttributeDefinition }
const NAME = 'custom_attribute_definition'
const KEYS = new Set([
  'key',
  'schema',
  'name',
  'description',
  'visibility',
  'version',
  'created_at',
  'updated_at',
])
/** The longest idempotency key of this part of the API. */
export const LONGEST_KEY = 45

/** GET /v2/customers/custom-attribute-definitions: one's own and those others show. */
export function listDefinitions(
  store: Store,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<unknown> {
  return andThen(readQuery(query, ['cursor', 'limit'], 20, 100), (asked) => {
    const seen = [...store.state.definitions.values()]
      .filter((definition) => maySee(definition, call))
      .map((definition) => shown(definition, call))
    const page = pageOfList(store, seen, ({ key }) => key, { identity: 'definitions', ...asked }, call)
    return andThen(page, (found) => ok(namedPage(`${NAME}s`, found)))
  })
}

/** GET …/custom-attribute-definitions/{key}; `version`: at least this one. */
export function retrieveDefinition(
  store: Store,
  key: string,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<Wrapped> {
  const unknown = checkParameters(query, ['version'])
  if (unknown) return unknown
  return andThen(findDefinition(store, key, call), (found) => {
    const ahead = checkReadVersion(query, found.wire.version)
    return ahead.kind === 'refused' ? ahead : ok({ [NAME]: shown(found, call) })
  })
}

/** POST …/custom-attribute-definitions. */
export function createDefinition(store: Store, body: JsonObject, call: Call): Outcome<Wrapped> {
  return andThen(readKey(body, LONGEST_KEY), (idempotencyKey) =>
    andThen(readDefinition(body), (given) =>
      once(store, 'definitions', idempotencyKey, body, call, () =>
        addDefinition(store, given, ownerOf(call), call),
      ),
    ),
  )
}

/** Makes a definition that belongs to `owner`: an application, or `square` for what sellers define at the dashboard. */
export function addDefinition(store: Store, given: JsonObject, owner: string, call: Call): Outcome<Wrapped> {
  const key = given['key'] ?? null
  if (key === null) return missing(`${NAME}.key`)
  if (typeof key !== 'string') return wrongType(`${NAME}.key`, 'string')
  if (!/^[a-zA-Z0-9._-]{1,60}$/.test(key))
    return refuse('VALUE_REGEX_MISMATCH', 'Up to 60 letters, digits, `.`, `_` and `-`.', `${NAME}.key`)
  if (store.state.definitions.has(`${owner}:${key}`))
    return refuse('BAD_REQUEST', 'There is a definition with this key.', `${NAME}.key`)
  return andThen(readSchema(given['schema'], `${NAME}.schema`, store.newId), (schema) =>
    andThen(readTexts(store, given, null, call), (texts) => {
      const now = changeTime(call.now, store.flags)
      const wire = { key, schema, ...texts, version: 1, created_at: now, updated_at: now }
      store.state.definitions.set(`${owner}:${key}`, { owner, wire })
      return ok({ [NAME]: shown({ owner, wire }, call) })
    }),
  )
}

/** PUT …/custom-attribute-definitions/{key}: sparse; only its owner may, and of the schema only a selection's options. */
export function updateDefinition(store: Store, body: JsonObject, call: Call, key: string): Outcome<Wrapped> {
  return andThen(readKey(body, LONGEST_KEY), (idempotencyKey) =>
    andThen(readDefinition(body), (given) =>
      andThen(findOwnDefinition(store, key, call), (found) =>
        once(store, `definition ${key}`, idempotencyKey, body, call, () =>
          changeDefinition(store, given, found, call),
        ),
      ),
    ),
  )
}

function changeDefinition(
  store: Store,
  given: JsonObject,
  { owner, wire: before }: AttributeDefinition,
  call: Call,
): Outcome<Wrapped> {
  const changesKey = given['key'] !== undefined && given['key'] !== before.key
  const changesSchema = given['schema'] !== undefined
  if (changesKey || (changesSchema && typeOf(before.schema) !== 'Selection'))
    return refuse('BAD_REQUEST', 'This field cannot be changed.', `${NAME}.${changesKey ? 'key' : 'schema'}`)
  return andThen(readBodyVersion(given), (version) => {
    if (version !== null && version !== before.version) return conflict(store, version)
    const read = changesSchema
      ? readSchema(given['schema'], `${NAME}.schema`, store.newId, before.schema)
      : ok(before.schema)
    return andThen(read, (schema) => {
      if (typeOf(schema) !== typeOf(before.schema))
        return refuse('BAD_REQUEST', 'The data type cannot be changed.', `${NAME}.schema`)
      return andThen(readTexts(store, given, before, call), (texts) => {
        const { key, created_at } = before
        const updated_at = changeTime(call.now, store.flags)
        const wire = { key, schema, ...texts, version: before.version + 1, created_at, updated_at }
        store.state.definitions.set(`${owner}:${key}`, { owner, wire })
        return ok({ [NAME]: shown({ owner, wire }, call) })
      })
    })
  })
}

/** DELETE …/custom-attribute-definitions/{key}: every customer loses the attribute. */
export function deleteDefinition(store: Store, call: Call, key: string): Outcome<Record<string, never>> {
  return andThen(findOwnDefinition(store, key, call), ({ owner, wire }) => {
    const { definitions, attributes } = store.state
    const qualified = `${owner}:${wire.key}`
    definitions.delete(qualified)
    for (const [id, { [qualified]: lost, ...rest }] of [...attributes]) if (lost) attributes.set(id, rest)
    return ok({})
  })
}

/** A definition by the key the caller uses for it: simple for one's own, else `application:key`. */
export function findDefinition(store: Store, key: string, call: Call): Outcome<AttributeDefinition> {
  const found = store.state.definitions.get(qualifiedKey(key, call))
  return found && maySee(found, call)
    ? ok(found)
    : refuse('NOT_FOUND', `Custom attribute definition with key \`${key}\` not found.`)
}

function findOwnDefinition(store: Store, key: string, call: Call): Outcome<AttributeDefinition> {
  return andThen(findDefinition(store, key, call), (found) =>
    found.owner === ownerOf(call)
      ? ok(found)
      : refuse('FORBIDDEN', 'Only the owner of a definition may change it.', 'key'),
  )
}

/** `application:key`, whichever way the caller wrote it. */
export function qualifiedKey(key: string, call: Call): string {
  return key.includes(':') ? key : `${ownerOf(call)}:${key}`
}

/** The application of a call. */
export function ownerOf({ applicationId = PRACTICE_APPLICATION }: Call): string {
  return applicationId
}

/** May the caller read what belongs to this definition? */
export function maySee({ owner, wire }: AttributeDefinition, call: Call): boolean {
  return owner === ownerOf(call) || wire.visibility !== 'VISIBILITY_HIDDEN'
}

/** The definition as the caller sees it: others see the qualified key. */
export function shown({ owner, wire }: AttributeDefinition, call: Call): WireAttributeDefinition {
  return owner === ownerOf(call) ? wire : { ...wire, key: `${owner}:${wire.key}` }
}

/** `version` of a read: the answer must be at least that new. */
export function checkReadVersion(query: Readonly<Record<string, string>>, current: number): Outcome<null> {
  const version = query['version']
  if (version === undefined) return ok(null)
  if (!/^-?\d{1,15}$/.test(version)) return wrongType('version', 'integer')
  return Number(version) > current
    ? refuse('BAD_REQUEST', `There is no version ${version} yet.`, 'version')
    : ok(null)
}

function readDefinition(body: JsonObject): Outcome<JsonObject> {
  const unknown = checkKeys(body, new Set([NAME, 'idempotency_key']))
  if (unknown) return unknown
  const given = body[NAME] ?? null
  if (given === null) return missing(NAME)
  if (!isObject(given)) return wrongType(NAME, 'object')
  return checkKeys(given, KEYS, `${NAME}.`) ?? ok(given)
}

/** Name, description and visibility after the changes; who can be seen by others needs both texts. */
function readTexts(
  store: Store,
  given: JsonObject,
  before: WireAttributeDefinition | null,
  call: Call,
): Outcome<Pick<WireAttributeDefinition, 'name' | 'description' | 'visibility'>> {
  const texts: { name?: string; description?: string } = {}
  for (const name of ['name', 'description'] as const) {
    const text = given[name] === undefined ? before?.[name] : given[name]
    if (text === undefined || text === null) continue
    if (typeof text !== 'string') return wrongType(`${NAME}.${name}`, 'string')
    if (text.length > 255) return tooLong(`${NAME}.${name}`, 255)
    texts[name] = text
  }
  const visibility = given['visibility'] ?? before?.visibility ?? 'VISIBILITY_HIDDEN'
  if (!VISIBILITIES.includes(visibility as Visibility))
    return refuse('INVALID_ENUM_VALUE', 'Not a valid visibility.', `${NAME}.visibility`)
  if (visibility !== 'VISIBILITY_HIDDEN')
    for (const name of ['name', 'description'] as const)
      if (texts[name] === undefined) return missing(`${NAME}.${name}`)
  const taken = [...store.state.definitions.values()].some(
    (other) =>
      other.wire !== before &&
      texts.name !== undefined &&
      other.wire.name === texts.name &&
      maySee(other, call),
  )
  return taken
    ? refuse('BAD_REQUEST', 'There is a definition with this name.', `${NAME}.name`)
    : ok({ ...texts, visibility: visibility as Visibility })
}
