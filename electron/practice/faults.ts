import type { PracticeModel } from './model.ts'
import { unauthorized } from './route.ts'
import type { Call } from './store.ts'
import type { PracticeRequest, WireChanges } from './wire.ts'

/** What goes wrong. The first four end the request; the others come before it. */
export type FaultAction =
  /** Nothing applied, no answer: as if nobody listened. Over HTTP the connection breaks; a real refusal is `setLine(false)`. */
  | { readonly kind: 'refuse' }
  /** Nothing applied, the connection breaks after the request was read. */
  | { readonly kind: 'drop' }
  /** Applied, the connection breaks before the answer. */
  | { readonly kind: 'lose-answer' }
  /** This answer instead of the real one; `applied`: after doing what was asked. */
  | ({ readonly kind: 'answer'; readonly applied?: boolean } & RawAnswer)
  /** 401 ACCESS_TOKEN_EXPIRED. */
  | { readonly kind: 'expired-token' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Somebody else is faster. Without an id: the customer the request is about. */
  | { readonly kind: 'colleague-edits'; readonly id?: string; readonly changes: WireChanges }
  /** List and search see what this request does only after `ms`. */
  | { readonly kind: 'index-lag'; readonly ms: number }

/** Any answer at all, down to the text of its body. */
export interface RawAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text: string
}

/** An action with the requests it is meant for: the first `times` (1) that match, after letting `skip` (0) pass. */
export type Fault = FaultAction & {
  readonly method?: string
  /** Beginning of the path. */
  readonly path?: string
  readonly times?: number
  readonly skip?: number
}

/** The faults still to come. */
export interface FaultPlan {
  add(faults: readonly Fault[]): void
  clear(): void
  /** What is left, with `times` and `skip` counted down. */
  pending(): readonly Fault[]
  /** The actions for this request; they count as used. At most one of them ends the request. */
  take(request: PracticeRequest): readonly FaultAction[]
}

/** A plan that begins with these faults. */
export function createFaultPlan(faults: readonly Fault[] = []): FaultPlan {
  let left: Fault[] = [...faults]
  return {
    add: (more) => void left.push(...more),
    clear: () => void (left = []),
    pending: () => [...left],
    take(request) {
      const taken: FaultAction[] = []
      let ended = false
      left = left.flatMap((fault) => {
        const { skip = 0, times = 1 } = fault
        if (!matches(fault, request) || (ended && endsRequest(fault))) return [fault]
        if (skip > 0) return [{ ...fault, skip: skip - 1 }]
        taken.push(fault)
        ended ||= endsRequest(fault)
        return times > 1 ? [{ ...fault, times: times - 1 }] : []
      })
      return taken
    },
  }
}

function matches(fault: Fault, request: PracticeRequest): boolean {
  return (fault.method ?? request.method) === request.method && request.path.startsWith(fault.path ?? '')
}

function endsRequest({ kind }: FaultAction): boolean {
  return kind !== 'delay' && kind !== 'colleague-edits' && kind !== 'index-lag'
}

/** How a request ended, faults included. `delayMs` passes before anything is heard. */
export type Turn = { readonly delayMs: number } & (
  | { readonly kind: 'answered'; readonly answer: RawAnswer }
  /** No answer. Whether anything was applied is what a client cannot know. */
  | { readonly kind: 'refused' | 'dropped' | 'lost' }
)

/** One request through the faults that are due and the model. */
export function takeTurn(model: PracticeModel, plan: FaultPlan, request: PracticeRequest, call: Call): Turn {
  const actions = plan.take(request)
  let delayMs = 0
  let indexLagMs = call.indexLagMs
  let end: FaultAction | null = null
  for (const action of actions) {
    if (action.kind === 'delay') delayMs += action.ms
    else if (action.kind === 'index-lag') indexLagMs = action.ms
    else if (action.kind === 'colleague-edits')
      model.colleague.edit(action.id ?? request.path.split('/').at(-1) ?? '', action.changes, call)
    else end = action
  }
  const apply = (): RawAnswer => {
    const { status, headers, body } = model.handle(request, {
      ...call,
      ...(indexLagMs === undefined ? {} : { indexLagMs }),
    })
    return { status, headers: { 'content-type': 'application/json', ...headers }, text: JSON.stringify(body) }
  }
  switch (end?.kind) {
    case 'refuse':
      return { kind: 'refused', delayMs }
    case 'drop':
      return { kind: 'dropped', delayMs }
    case 'lose-answer':
      apply()
      return { kind: 'lost', delayMs }
    case 'expired-token': {
      const { status, errors } = unauthorized('ACCESS_TOKEN_EXPIRED')
      const headers = { 'content-type': 'application/json' }
      return { kind: 'answered', answer: { status, headers, text: JSON.stringify({ errors }) }, delayMs }
    }
    case 'answer': {
      if (end.applied) apply()
      const { status, headers = { 'content-type': 'application/json' }, text } = end
      return { kind: 'answered', answer: { status, headers, text }, delayMs }
    }
    default:
      return { kind: 'answered', answer: apply(), delayMs }
  }
}
