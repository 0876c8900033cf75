import { stormAnswer, gatewayPage, misshapen } from './fault-answers.ts'
import type { FaultPlan } from './fault-plan.ts'
import { endsRequest, type EndingAction, type RawAnswer } from './faults.ts'
import type { PracticeModel } from './model.ts'
import { refuse, type Refused } from './outcome.ts'
import { unauthorized } from './tokens.ts'
import type { Call } from './store.ts'
import type { PracticeRequest } from './wire.ts'

/** How the body of an answer travels. */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection ends after so many bytes of the body; null: after half of it. */
  | { readonly kind: 'truncated'; readonly bytes: number | null }
  /** The text, after so many megabytes of blanks, all packed. */
  | { readonly kind: 'bomb'; readonly megabytes: number }

/** How a request ended, faults included. `delayMs` passes before anything is heard. */
export type Turn = { readonly delayMs: number } & (
  | { readonly kind: 'answered'; readonly answer: RawAnswer; readonly delivery: Delivery }
  /** No answer, nothing applied; `lineDownMs`: nobody listens for so long. */
  | { readonly kind: 'refused'; readonly lineDownMs: number }
  /** No answer. Whether anything was applied is what a client cannot know. */
  | { readonly kind: 'dropped' | 'lost' }
)

/** What faults need of whatever answers. */
export type Faced = Pick<PracticeModel, 'handle' | 'seller' | 'tokenGrant' | 'merchant'>

const JSON_HEADERS = { 'content-type': 'application/json' }

/** One request through the faults that are due and the model. */
export function takeTurn(square: Faced, plan: FaultPlan, request: PracticeRequest, call: Call): Turn {
  const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? ''
  const merchantId = square.tokenGrant(token)?.merchantId ?? square.merchant.id
  const actions = plan.take(request, { now: call.now, merchantId })
  let delayMs = 0
  let prepared = call
  for (const action of actions) {
    if (action.kind === 'delay') delayMs += action.ms
    if (action.kind === 'index-lag') prepared = { ...prepared, indexLagMs: action.ms }
    if (action.kind === 'bulk-stops') prepared = { ...prepared, bulkStopsAfter: action.after }
    if (action.kind === 'colleague-edits')
      square
        .seller(merchantId)
        ?.colleague.edit(action.id ?? request.path.split('/').at(-1) ?? '', action.changes, call)
  }
  const apply = (): RawAnswer => {
    const { status, headers, body } = square.handle(request, prepared)
    return { status, headers: { ...JSON_HEADERS, ...headers }, text: JSON.stringify(body) }
  }
  const end = actions.find(endsRequest)
  if (!end) return { ...answered(apply()), delayMs }
  return { ...ending(end, { apply, chance: () => plan.chance(), path: request.path }), delayMs }
}

type Ending = Turn extends infer T ? (T extends Turn ? Omit<T, 'delayMs'> : never) : never

function answered(answer: RawAnswer, delivery: Delivery = { kind: 'whole' }): Ending & { kind: 'answered' } {
  return { kind: 'answered', answer, delivery }
}

interface Asked {
  /** Lets the model do it. */
  readonly apply: () => RawAnswer
  readonly chance: () => number
  readonly path: string
}

function ending(end: EndingAction, asked: Asked): Ending {
  const { apply } = asked
  const instead = (answer: RawAnswer, applied = false): Ending => {
    if (applied) apply()
    return answered(answer)
  }
  switch (end.kind) {
    case 'refuse':
      return { kind: 'refused', lineDownMs: 0 }
    case 'line-down':
      return { kind: 'refused', lineDownMs: end.ms }
    case 'drop':
      return { kind: 'dropped' }
    case 'lose-answer':
      apply()
      return { kind: 'lost' }
    case 'answer':
      return instead(
        { status: end.status, headers: end.headers ?? JSON_HEADERS, text: end.text },
        end.applied,
      )
    case 'error':
      return instead(refusal(refuse(end.code, end.detail ?? end.code, end.field, end.status)), end.applied)
    case 'expired-token':
      return instead(refusal(unauthorized('ACCESS_TOKEN_EXPIRED')))
    case 'rate-limited':
    case 'rate-limit':
      return instead(refusal(refuse('RATE_LIMITED', 'Too many requests.'), end.retryAfter))
    case 'html':
      return instead(gatewayPage(end.status ?? 502), end.applied)
    case 'storm':
      return instead(stormAnswer(asked.chance), asked.chance() < (end.applied ?? 0))
    case 'poison': {
      const code = end.code ?? 'INTERNAL_SERVER_ERROR'
      return instead(refusal(refuse(code, `Customer \`${end.id}\` could not be handled.`)))
    }
    case 'expired-cursor':
      return instead(refusal(refuse('INVALID_CURSOR', 'The pagination cursor is invalid.', 'cursor')))
    case 'redirect': {
      const location = end.location ?? `https://elsewhere.invalid${asked.path}`
      return instead({ status: end.status ?? 302, headers: { location }, text: '' })
    }
    case 'bomb':
      return answered(
        { status: 200, headers: JSON_HEADERS, text: '{}' },
        { kind: 'bomb', megabytes: end.megabytes },
      )
    case 'slow-body':
      return answered(apply(), { kind: 'slow', ms: end.ms })
    case 'truncated-body':
      return answered(apply(), { kind: 'truncated', bytes: end.bytes ?? null })
    case 'wrong-body': {
      const answer = apply()
      return answered({ ...answer, text: misshapen(answer.text, end.shape) })
    }
    case 'deliver-twice': {
      const first = apply()
      const second = apply()
      return answered(end.hears === 'first' ? first : second)
    }
  }
}

function refusal({ status, errors }: Refused, retryAfter?: string): RawAnswer {
  const headers = { ...JSON_HEADERS, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) }
  return { status, headers, text: JSON.stringify({ errors }) }
}
