import type { Turn } from './fault-turn.ts'
import type { PracticeModel } from './model.ts'
import type { Effect } from './options.ts'
import type { PracticeRequest } from './wire.ts'

export interface LoggedRequest {
  readonly number: number
  readonly at: number
  readonly method: string
  readonly path: string
  readonly idempotencyKey: string | null
  /** The version it carried, as text; null where it had none. */
  readonly version: string | null
  readonly tag: string | null
  /** The HTTP status, or how it ended without an answer. */
  readonly outcome: number | 'refused' | 'dropped' | 'lost'
  readonly effects: readonly LoggedEffect[]
}
export type LoggedEffect = Pick<Effect, 'kind' | 'by' | 'id'>

/** What was asked and what came of it, for tests and demonstrations: the newest 10,000 requests. */
export interface RequestLog {
  /** A request is about to be handled: effects from now on are its own. */
  begin(): void
  /** Writes down how it went. True: something changed. */
  note(request: PracticeRequest, turn: Turn, at: number): boolean
  requests(): readonly LoggedRequest[]
  /** Customers made per idempotency key; more than one is a duplicate. */
  createdByKey(): Readonly<Record<string, number>>
  /** Everything that was done in the name of an idempotency key. */
  effectsByKey(): Readonly<Record<string, readonly LoggedEffect[]>>
}

const KEPT = 10_000

/** Listens to the effects of this model. */
export function createRequestLog(model: PracticeModel): RequestLog {
  const requests: LoggedRequest[] = []
  const byKey = new Map<string, LoggedEffect[]>()
  let effects: LoggedEffect[] = []
  let number = 0
  model.onEffect(({ kind, by, id, idempotencyKey }) => {
    const effect = { kind, by, id }
    effects.push(effect)
    if (idempotencyKey === null) return
    const known = byKey.get(idempotencyKey)
    if (known) known.push(effect)
    else byKey.set(idempotencyKey, [effect])
  })
  return {
    begin: () => void (effects = []),
    note(request, turn, at) {
      const { key, version } = readEnvelope(request)
      requests.push({
        number: (number += 1),
        at,
        method: request.method,
        path: request.path,
        idempotencyKey: key,
        version,
        tag: request.headers['practice-tag'] ?? null,
        outcome: turn.kind === 'answered' ? turn.answer.status : turn.kind,
        effects,
      })
      if (requests.length > KEPT) requests.shift()
      const changed = effects.length > 0
      effects = [] // What a colleague does from here on is nobody's request.
      return changed
    },
    requests: () => [...requests],
    createdByKey: () =>
      Object.fromEntries(
        [...byKey].map(([key, done]) => [key, done.filter(({ kind }) => kind === 'create').length]),
      ),
    effectsByKey: () => Object.fromEntries(byKey),
  }
}

function readEnvelope({ body, query }: PracticeRequest): { key: string | null; version: string | null } {
  const text = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null
  try {
    const read = JSON.parse(body || '{}') as Record<string, unknown> | null
    return { key: text(read?.['idempotency_key']), version: text(read?.['version'] ?? query['version']) }
  } catch {
    return { key: null, version: null }
  }
}
