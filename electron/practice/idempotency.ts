import { canonicalJson } from './apply-changes.ts'
import { tooLong, wrongType, type JsonObject } from './check-fields.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import type { Call, Store } from './store.ts'

/** The `idempotency_key` of a body; null where there is none. `longest` where a length is published. */
export function readKey(body: JsonObject, longest = Number.POSITIVE_INFINITY): Outcome<string | null> {
  const key = body['idempotency_key'] ?? null
  if (key === null || key === '') return ok(null)
  if (typeof key !== 'string') return wrongType('idempotency_key', 'string')
  return key.length > longest ? tooLong('idempotency_key', longest) : ok(key)
}

/** The refusal of a key that was used for something else. */
export function keyReused(): Refused {
  const detail = 'The idempotency key can only be retried with the same request data.'
  return refuse('IDEMPOTENCY_KEY_REUSED', detail, 'idempotency_key')
}

/** Is what was learnt at `at` no longer remembered (flag `keyWindowMs`)? */
export function isForgotten({ flags }: Store, at: number, { now }: Call): boolean {
  return flags.keyWindowMs !== null && now - at > flags.keyWindowMs
}

/**
 * Does `make` once per key of this endpoint: the same body brings the first answer back, another one is refused. A
 * refused request does not use its key up.
 */
export function once<T>(
  store: Store,
  endpoint: string,
  key: string | null,
  body: JsonObject,
  call: Call,
  make: () => Outcome<T>,
): Outcome<T> {
  if (key === null) return make()
  const place = `${endpoint} ${key}`
  const bodyText = canonicalJson({ ...body, idempotency_key: null })
  const memory = store.state.otherKeys.get(place)
  if (memory && !isForgotten(store, memory.at, call))
    return memory.body === bodyText ? ok(memory.answer as T) : keyReused()
  const made = make()
  if (made.kind === 'ok')
    store.state.otherKeys.set(place, { body: bodyText, at: call.now, answer: made.value })
  return made
}
