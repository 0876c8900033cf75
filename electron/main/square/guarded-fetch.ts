import { AnswerRefused } from './answer-refused.ts'
import { readJsonText } from './read-json-text.ts'

/** The part of `fetch` we use; Electron's `net.fetch` and Node's both fit. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

export interface GuardedFetchOptions {
  readonly fetch: FetchLike
  /** Requests go to this origin only, so that the token does. HTTPS, except on loopback. */
  readonly baseUrl: string
  /** From the first byte sent to the last received. Default 30 s. */
  readonly timeLimitMs?: number
  /** Of the body as unpacked. Default 10 MB. */
  readonly sizeLimitBytes?: number
}

/** No redirect is followed, nothing comes from a cache (Node's types do not know that Electron has one). */
const MANNERS: RequestInit & { readonly cache: 'no-store' } = {
  redirect: 'manual',
  credentials: 'omit',
  cache: 'no-store',
}

const PASSED_ON = ['content-type', 'date', 'retry-after', 'square-version']

/**
 * A fetch that answers only with whole, well-formed JSON from Square itself and rejects with `AnswerRefused` otherwise
 * (S13): the SDK would take a redirect or an HTML page for success. Network errors pass through as they are.
 */
export function createGuardedFetch(options: GuardedFetchOptions): FetchLike {
  const { fetch, timeLimitMs = 30_000, sizeLimitBytes = 10_000_000 } = options
  const home = new URL(options.baseUrl)
  if (home.protocol !== 'https:' && !['127.0.0.1', 'localhost', '[::1]'].includes(home.hostname))
    throw new Error('Square is spoken to over HTTPS only')

  return async (url, init) => {
    if (new URL(url).origin !== home.origin) throw new AnswerRefused('foreign-origin')
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), timeLimitMs)
    const signal = init.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal
    try {
      const response = await fetch(url, { ...init, ...MANNERS, signal })
      refuseRedirect(response, home)
      if (!isJson(response)) {
        void response.body?.cancel().catch(() => undefined)
        throw new AnswerRefused('content-type', response)
      }
      const text = await readJsonText(response, sizeLimitBytes)
      const headers = PASSED_ON.flatMap((name) => {
        const value = response.headers.get(name)
        return value === null ? [] : [[name, value] as [string, string]]
      })
      return new Response(text, { status: response.status, statusText: response.statusText, headers })
    } catch (error) {
      throw limit.signal.aborted ? new AnswerRefused('timeout') : error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Platforms that follow, or hide the status of a redirect, are caught by where the answer came from. */
function refuseRedirect(response: Response, home: URL): void {
  const elsewhere = response.url !== '' && new URL(response.url).origin !== home.origin
  const redirects = response.status === 0 || (response.status >= 300 && response.status < 400)
  if (!redirects && !response.redirected && !elsewhere) return
  void response.body?.cancel().catch(() => undefined)
  throw new AnswerRefused('redirect', response)
}

function isJson(response: Response): boolean {
  return /^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')
}
