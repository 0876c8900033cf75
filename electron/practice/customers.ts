import { applyChanges, canonicalJson, fieldsOf, sameFields } from './apply-changes.ts'
import { isObject, wrongType, type JsonObject } from './check-fields.ts'
import { isVisible } from './directory-index.ts'
import { isForgotten, keyReused, readKey } from './idempotency.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import { readChanges } from './read-changes.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer } from './wire.ts'

const IDENTITY =
  'At least one of `given_name`, `family_name`, `company_name`, `email_address`, or `phone_number` is required for a customer.'

/** GET /v2/customers/{id}: the id of a merged profile answers the profile it became part of, never behind. */
export function retrieveCustomer(store: Store, id: string): Outcome<WireCustomer> {
  const customer = store.find(id)
  return customer ? ok(customer) : noSuchCustomer(id)
}

/** POST /v2/customers. */
export function createCustomer(store: Store, body: JsonObject, call: Call): Outcome<WireCustomer> {
  const key = readKey(body)
  if (key.kind === 'refused') return key
  const changes = readChanges(body, 'create', store.fieldRules(call))
  if (changes.kind === 'refused') return changes
  const bodyText = canonicalJson({ ...body, idempotency_key: null })
  if (key.value !== null) {
    const replayed = replay(store, key.value, bodyText, call)
    if (replayed) return replayed
  }
  const fields = applyChanges({}, changes.value, { addressRule: 'merge', country: store.merchant.country })
  const customer = store.newCustomer(fields, 'THIRD_PARTY', call)
  if (!isVisible(customer)) return refuse('BAD_REQUEST', IDENTITY)
  store.write({ kind: 'create', by: 'api', before: null, after: customer, idempotencyKey: key.value }, call)
  if (key.value !== null) store.state.keys.set(key.value, { body: bodyText, at: call.now, customer })
  return ok(customer)
}

/** The answer to a key used before: the same customer again, or a refusal where the data or the customer is gone. */
function replay(store: Store, key: string, body: string, call: Call): Outcome<WireCustomer> | null {
  const memory = store.state.keys.get(key)
  if (!memory || isForgotten(store, memory.at, call)) return null
  const current = store.find(memory.customer.id)
  if (memory.body !== body || !current) return keyReused()
  return ok(store.flags.replay === 'original' ? memory.customer : current)
}

/**
 * PUT /v2/customers/{id}: sparse; with a version it is compare-and-set, without one it overwrites blindly. `addressRule`
 * where it is not that of single updates.
 */
export function updateCustomer(
  store: Store,
  id: string,
  body: JsonObject,
  call: Call,
  addressRule?: 'merge' | 'replace',
): Outcome<WireCustomer> {
  const rules = store.fieldRules(call)
  const changes = readChanges(body, 'update', rules)
  if (changes.kind === 'refused') return changes
  const version = readBodyVersion(body)
  if (version.kind === 'refused') return version
  const empty = Object.keys(changes.value).length === 0
  if (empty && rules.dialect.emptyUpdate === 'refused')
    return refuse('BAD_REQUEST', 'At least one field must be set to update a customer.')
  const before = store.findForWrite(id)
  if (!before) return noSuchCustomer(id)
  if (version.value !== null && version.value !== before.version) return conflict(store, version.value)
  const fields = applyChanges(fieldsOf(before), changes.value, {
    addressRule: addressRule ?? rules.dialect.addressRule,
    country: store.merchant.country,
  })
  const after = store.changed(before, fields, call)
  if (!isVisible(after) && store.flags.lastIdentity === 'refused') return refuse('BAD_REQUEST', IDENTITY)
  if (!store.flags.noOpBumps && sameFields(fields, fieldsOf(before))) return ok(before)
  store.write({ kind: 'update', by: 'api', before, after }, call)
  return ok(after)
}

/** DELETE /v2/customers/{id}. `version` as it stands in the query, null where it was omitted (a blind delete). */
export function deleteCustomer(
  store: Store,
  id: string,
  version: string | null,
  call: Call,
): Outcome<Record<string, never>> {
  if (version !== null && !/^-?\d{1,19}$/.test(version)) return wrongType('version', 'integer')
  const before = store.findForWrite(id)
  if (!before) return noSuchCustomer(id)
  if (version !== null && BigInt(version) !== BigInt(before.version)) return conflict(store, version)
  store.write({ kind: 'delete', by: 'api', before, after: null }, call)
  return ok({})
}

/** The `version` of a body; null: it was omitted, the write is blind. */
export function readBodyVersion(body: JsonObject): Outcome<number | null> {
  const version = body['version'] ?? null
  return version === null || Number.isInteger(version)
    ? ok(version as number | null)
    : wrongType('version', 'integer')
}

/** The refusal of a version that is not the current one. */
export function conflict(store: Store, version: unknown) {
  const detail = `The object was changed since version ${String(version)} was read.`
  return refuse('CONFLICT', detail, 'version', store.flags.conflictStatus)
}

/** The JSON object in a request body, or the refusal Square gives for anything else. */
export function readBody(text: string | null): Outcome<JsonObject> {
  try {
    const body: unknown = JSON.parse(text ?? '')
    if (isObject(body)) return ok(body)
  } catch {
    // Not JSON: the same refusal as JSON that is not an object.
  }
  return refuse('EXPECTED_JSON_BODY', 'The request body could not be decoded as JSON.')
}
