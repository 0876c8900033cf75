import type { WireChanges } from './wire.ts'

/** Any answer at all, down to the text of its body. */
export interface RawAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text: string
}

/** How an answer is spoilt while it keeps its status: Square's shape is not there. */
export type WrongShape = 'null' | 'array' | 'empty' | 'without-id' | 'without-version' | 'wrong-types'

/** What only prepares a request; the request goes on. */
type Preparation =
  | { readonly kind: 'delay'; readonly ms: number }
  /** Somebody else is faster. Without an id: the customer the request is about. */
  | { readonly kind: 'colleague-edits'; readonly id?: string; readonly changes: WireChanges }
  /** List and search see what this request does only after `ms`. */
  | { readonly kind: 'index-lag'; readonly ms: number }
  /** A bulk request breaks off with a 429 after so many entries; what was done stays done. */
  | { readonly kind: 'bulk-stops'; readonly after: number }

/** How a request ends without an answer. */
type Silence =
  /** Nothing applied, the connection is closed at once. */
  | { readonly kind: 'refuse' }
  /** Nothing applied; for `ms` nobody listens at all: connections are refused. */
  | { readonly kind: 'line-down'; readonly ms: number }
  /** Nothing applied, the connection is reset after the request was read. */
  | { readonly kind: 'drop' }
  /** Applied, the connection is reset before the answer. */
  | { readonly kind: 'lose-answer' }

/** An answer that is not the model's. `applied`: what was asked was done all the same. */
type OtherAnswer =
  | ({ readonly kind: 'answer'; readonly applied?: boolean } & RawAnswer)
  /** One of Square's errors in Square's envelope; the status follows from the code unless given. */
  | {
      readonly kind: 'error'
      readonly code: string
      readonly detail?: string
      readonly field?: string
      readonly status?: number
      readonly applied?: boolean
    }
  /** 401 ACCESS_TOKEN_EXPIRED. */
  | { readonly kind: 'expired-token' }
  /** 429; `retryAfter` is sent as it stands, sense or nonsense, and not at all where absent. */
  | { readonly kind: 'rate-limited'; readonly retryAfter?: string }
  /** A page of a gateway (502), as plain people see them. */
  | { readonly kind: 'html'; readonly status?: number; readonly applied?: boolean }
  /** 500, 502, 503 or 504, JSON or HTML, as chance has it; `applied` (0 to 1, 0) of them after doing what was asked. */
  | { readonly kind: 'storm'; readonly applied?: number }
  /** Whatever is asked about this customer fails with `code` (INTERNAL_SERVER_ERROR); always. */
  | { readonly kind: 'poison'; readonly id: string; readonly code?: string }
  /** INVALID_CURSOR for a request that carries a cursor. */
  | { readonly kind: 'expired-cursor' }
  /** 302, or another of the redirects, to `location`: another origin where absent. */
  | { readonly kind: 'redirect'; readonly status?: number; readonly location?: string }
  /** A few kilobytes of gzip that grow to so many megabytes. */
  | { readonly kind: 'bomb'; readonly megabytes: number }
  /** A bucket per merchant, always: `burst` requests at once, `perSecond` in the long run, 429 beyond. */
  | {
      readonly kind: 'rate-limit'
      readonly perSecond: number
      readonly burst: number
      readonly retryAfter?: string
    }

/** The model's answer, but not as it should arrive. */
type BadDelivery =
  /** The body comes in drops over `ms`. */
  | { readonly kind: 'slow-body'; readonly ms: number }
  /** The connection ends after so many bytes of the body: half of it where absent. */
  | { readonly kind: 'truncated-body'; readonly bytes?: number }
  | { readonly kind: 'wrong-body'; readonly shape: WrongShape }
  /** The request arrives twice, as from a proxy that tries again; the client hears one of the answers (the second). */
  | { readonly kind: 'deliver-twice'; readonly hears?: 'first' | 'second' }

/** What decides how a request ends. */
export type EndingAction = Silence | OtherAnswer | BadDelivery

/** What goes wrong. */
export type FaultAction = Preparation | EndingAction

/** Which requests a fault is meant for: all that is given must hold. */
export interface FaultMatch {
  readonly method?: string
  /** Beginning of the path; `*` is anything within one segment, `$` at the end is the end of the path. */
  readonly path?: string
  /** The customer it is about: the id is a segment of the path or stands in the body. */
  readonly customerId?: string
  /** A text in the raw body. */
  readonly body?: string
  /** So many that match pass first (0). */
  readonly skip?: number
  /** So many are hit: 1, or all where there is a probability or a time, and for what is meant to last. */
  readonly times?: number | 'all'
  /** 0 to 1: the chance to be hit, drawn by the plan's seed. */
  readonly probability?: number
  /** Over so many milliseconds after the first request that was hit. */
  readonly forMs?: number
}

/** Something that goes wrong with the requests it is meant for. */
export type Fault = FaultAction & FaultMatch

const PREPARATIONS: ReadonlySet<FaultAction['kind']> = new Set<Preparation['kind']>([
  'delay',
  'colleague-edits',
  'index-lag',
  'bulk-stops',
])
const LASTING: ReadonlySet<FaultAction['kind']> = new Set(['storm', 'poison', 'rate-limit'] as const)

/** True for what decides how the request ends; a request meets at most one of these. */
export function endsRequest<T extends FaultAction>(fault: T): fault is Exclude<T, Preparation> {
  return !PREPARATIONS.has(fault.kind)
}

/** How many requests a fault hits. */
export function timesOf({ kind, times, probability, forMs }: Fault): number {
  if (times !== undefined) return times === 'all' ? Number.POSITIVE_INFINITY : times
  return probability !== undefined || forMs !== undefined || LASTING.has(kind) ? Number.POSITIVE_INFINITY : 1
}
