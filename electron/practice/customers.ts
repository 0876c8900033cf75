import { applyChanges, canonicalJson, fieldsOf, sameFields } from './apply-changes.ts'
import { isObject, readChanges, type JsonObject } from './check-fields.ts'
import { isVisible } from './directory-index.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store, WriteRules } from './store.ts'
import type { WireCustomer } from './wire.ts'

const REUSED = 'The idempotency key can only be retried with the same request data.'
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
  const changes = readChanges(body, 'create', store.flags.emptyText)
  if (changes.kind === 'refused') return changes
  const bodyText = canonicalJson({ ...body, idempotency_key: null })
  if (key.value !== null) {
    const replayed = replay(store, key.value, bodyText, call)
    if (replayed) return replayed
  }
  const fields = applyChanges({}, changes.value, store.rules)
  const customer = store.newCustomer(fields, 'THIRD_PARTY', call)
  if (!isVisible(customer)) return refuse('BAD_REQUEST', IDENTITY)
  store.write({ kind: 'create', by: 'api', before: null, after: customer, idempotencyKey: key.value }, call)
  if (key.value !== null) store.state.keys.set(key.value, { body: bodyText, at: call.now, customer })
  return ok(customer)
}

function readKey(body: JsonObject): Outcome<string | null> {
  const key = body['idempotency_key'] ?? null
  if (key === null || key === '') return ok(null)
  if (typeof key !== 'string')
    return refuse('EXPECTED_STRING', 'Expected idempotency_key to be a string.', 'idempotency_key')
  return ok(key)
}

/** The answer to a key used before: the same customer again, or a refusal where the data or the customer is gone. */
function replay(store: Store, key: string, body: string, call: Call): Outcome<WireCustomer> | null {
  const memory = store.state.keys.get(key)
  if (!memory || call.now - memory.at > store.flags.keyWindowMs) return null
  const current = store.find(memory.customer.id)
  if (memory.body !== body || !current) return refuse('IDEMPOTENCY_KEY_REUSED', REUSED, 'idempotency_key')
  return ok(store.flags.replay === 'original' ? memory.customer : current)
}

/** PUT /v2/customers/{id}: sparse; with a version it is compare-and-set, without one it overwrites blindly. */
export function updateCustomer(
  store: Store,
  id: string,
  body: JsonObject,
  call: Call,
  rules: WriteRules = store.rules,
): Outcome<WireCustomer> {
  const changes = readChanges(body, 'update', store.flags.emptyText)
  if (changes.kind === 'refused') return changes
  const version = body['version'] ?? null
  if (version !== null && !Number.isInteger(version))
    return refuse('EXPECTED_INTEGER', 'Expected version to be an integer.', 'version')
  if (Object.keys(changes.value).length === 0)
    return refuse('BAD_REQUEST', 'At least one field must be set to update a customer.')
  const before = store.state.customers.get(id)
  if (!before) return noSuchCustomer(id)
  if (version !== null && version !== before.version) return conflict(store, version)
  const fields = applyChanges(fieldsOf(before), changes.value, rules)
  const after = store.changed(before, fields, call)
  if (!isVisible(after)) return refuse('BAD_REQUEST', IDENTITY)
  if (!store.flags.noOpBumps && sameFields(fields, fieldsOf(before))) return ok(before)
  store.write({ kind: 'update', by: 'api', before, after, idempotencyKey: null }, call)
  return ok(after)
}

/** DELETE /v2/customers/{id}. `version` as it stands in the query, null where it was omitted (a blind delete). */
export function deleteCustomer(
  store: Store,
  id: string,
  version: string | null,
  call: Call,
): Outcome<Record<string, never>> {
  if (version !== null && !/^-?\d{1,19}$/.test(version))
    return refuse('EXPECTED_INTEGER', 'Expected version to be an integer.', 'version')
  const before = store.state.customers.get(id)
  if (!before) return noSuchCustomer(id)
  if (version !== null && version !== String(before.version)) return conflict(store, version)
  store.write({ kind: 'delete', by: 'api', before, after: null, idempotencyKey: null }, call)
  return ok({})
}

function conflict(store: Store, version: unknown) {
  const detail = `The customer was changed since version ${String(version)} was read.`
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
