export type RefusedBecause =
  'redirect' | 'content-type' | 'not-json' | 'oversized' | 'timeout' | 'foreign-origin'

/**
 * An answer that is not believed (S13). Thrown through the SDK, which knows no other way out of an injected fetch; the
 * failure mapper finds it again as the cause.
 */
export class AnswerRefused extends Error {
  readonly because: RefusedBecause
  /** The HTTP status where there was one. */
  readonly status: number | null
  readonly retryAfter: string | null

  constructor(because: RefusedBecause, response?: Response) {
    super(`answer refused: ${because}`)
    this.name = 'AnswerRefused'
    this.because = because
    this.status = response?.status ?? null
    this.retryAfter = response?.headers.get('retry-after') ?? null
  }
}
