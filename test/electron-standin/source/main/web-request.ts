import type {
  CallbackResponse,
  BeforeSendResponse,
  HeadersReceivedResponse,
  WebRequestFilter,
} from 'electron'
import { loudMembers } from '../loud.ts'

export interface RequestDetails {
  readonly id: number
  readonly url: string
  readonly method: string
  readonly resourceType: string
  readonly webContentsId?: number
  readonly referrer: string
  readonly timestamp: number
}
export interface ResponseDetails extends RequestDetails {
  readonly statusCode: number
  readonly statusLine: string
  readonly responseHeaders: Record<string, string[]>
}
type Handler<Details, Answer> = (details: Details, callback: (answer: Answer) => void) => void
interface Hook<Details, Answer> {
  readonly matches: (url: string) => boolean
  readonly handler: Handler<Details, Answer>
}

/** session.webRequest with the two hooks that hold requests back; one listener each, as in Electron. */
export class WebRequest {
  #before: Hook<RequestDetails, CallbackResponse> | undefined
  #headers: Hook<ResponseDetails, HeadersReceivedResponse> | undefined

  onBeforeRequest(
    filter: WebRequestFilter | Handler<never, CallbackResponse> | null,
    listener?: Handler<never, CallbackResponse> | null,
  ): void {
    this.#before = hook<RequestDetails, CallbackResponse>(filter, listener)
  }
  onHeadersReceived(
    filter: WebRequestFilter | Handler<never, HeadersReceivedResponse> | null,
    listener?: Handler<never, HeadersReceivedResponse> | null,
  ): void {
    this.#headers = hook<ResponseDetails, HeadersReceivedResponse>(filter, listener)
  }

  /** For the stand-in only: what the app says to this request, and to this answer. */
  static before(webRequest: WebRequest, details: RequestDetails): Promise<CallbackResponse> {
    return ask(webRequest.#before, details)
  }
  static received(webRequest: WebRequest, details: ResponseDetails): Promise<HeadersReceivedResponse> {
    return ask(webRequest.#headers, details)
  }
  static wantsHeaders(webRequest: WebRequest, url: string): boolean {
    return webRequest.#headers?.matches(url) ?? false
  }
}
export const createWebRequest = () => loudMembers('session.webRequest', new WebRequest())

function hook<Details, Answer>(
  filter: WebRequestFilter | Handler<never, Answer> | null,
  listener: Handler<never, Answer> | null | undefined,
): Hook<Details, Answer> | undefined {
  const handler = typeof filter === 'function' ? filter : listener
  if (!handler) return undefined
  const patterns = typeof filter === 'function' || filter === null ? [] : filter.urls
  return { matches: urlMatcher(patterns), handler: handler as Handler<Details, Answer> }
}

function ask<Details extends { readonly url: string }, Answer extends BeforeSendResponse | CallbackResponse>(
  hook: Hook<Details, Answer> | undefined,
  details: Details,
): Promise<Answer> {
  if (!hook?.matches(details.url)) return Promise.resolve({} as Answer)
  return new Promise((resolve) => hook.handler(details, (answer) => resolve(answer)))
}

/** Chromium's match patterns: <all_urls>, a scheme or *, and * anywhere in host and path. No pattern matches all. */
export function urlMatcher(patterns: readonly string[]): (url: string) => boolean {
  if (patterns.length === 0 || patterns.includes('<all_urls>')) return () => true
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(`^${escaped.replace(/^\*:/, '[a-z]+:').replaceAll('*', '.*')}$`, 'i')
  })
  return (url) => expressions.some((expression) => expression.test(url))
}
