import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loudMembers } from '../loud.ts'
import { toNetError, type Body } from './net-errors.ts'
import { ProtocolModule } from './protocol.ts'
import { WebRequest } from './web-request.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
type FetchInit = RequestInit & { readonly bypassCustomProtocolHandlers?: boolean }

/** electron.net: fetch over Node's, with Electron's errors and Electron's treatment of redirects. */
export class Net {
  readonly #protocol: ProtocolModule
  readonly #webRequest: WebRequest

  constructor(protocol: ProtocolModule, webRequest: WebRequest) {
    this.#protocol = protocol
    this.#webRequest = webRequest
  }

  /** Always true: a stand-in for tests has no idea of the real net. Tests may replace it. */
  isOnline(): boolean {
    return true
  }
  get online(): boolean {
    return this.isOnline()
  }

  async fetch(input: string | Request, init?: FetchInit): Promise<Response> {
    const request = new Request(input, init)
    const { protocol } = new URL(request.url)
    if (protocol === 'file:') return fetchFile(request.url)
    const handler = ProtocolModule.handlerFor(this.#protocol, request.url)
    if (handler && init?.bypassCustomProtocolHandlers !== true) return handler(request)
    return this.#fetchRemote(request)
  }

  async #fetchRemote(request: Request): Promise<Response> {
    // The session's hooks see requests of the main process too, without a webContentsId.
    const { url, method } = request
    const details = { id: 0, url, method, resourceType: 'other', referrer: '', timestamp: Date.now() }
    const before = await WebRequest.before(this.#webRequest, details)
    if (before.cancel) throw new Error('net::ERR_BLOCKED_BY_CLIENT')
    const translate = (error: unknown, body: Body) =>
      request.signal.aborted
        ? (request.signal.reason as unknown)
        : toNetError(error, { isOnline: this.isOnline(), body })
    const follows = request.redirect === 'follow'
    const response = await fetch(new Request(request, { redirect: follows ? 'follow' : 'manual' })).catch(
      (error: unknown) => Promise.reject(translate(error, 'none') as Error),
    )
    if (!follows && response.status >= 300 && response.status < 400 && response.headers.has('location')) {
      await response.body?.cancel()
      throw new Error(
        request.redirect === 'error'
          ? "Attempted to redirect, but redirect policy was 'error'"
          : 'Redirect was cancelled',
      )
    }
    // Made anew as Electron does: its answers carry no address.
    const { status, statusText, headers } = response
    const body =
      response.body &&
      translateErrors(response.body, (error) =>
        translate(error, headers.has('content-length') ? 'sized' : 'chunked'),
      )
    return new Response(body, { status, statusText, headers })
  }
}
export const createNet = (protocol: ProtocolModule, webRequest: WebRequest) =>
  loudMembers('net', new Net(protocol, webRequest))

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url)
  try {
    const type = CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
    return new Response(new Uint8Array(await readFile(path)), { headers: { 'content-type': type } })
  } catch {
    throw new Error('net::ERR_FILE_NOT_FOUND')
  }
}

function translateErrors(
  body: ReadableStream<Uint8Array>,
  translate: (error: unknown) => unknown,
): ReadableStream {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(translate(error))
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
