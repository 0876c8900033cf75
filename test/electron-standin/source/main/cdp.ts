import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'

interface Answer {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly method: string
}
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly sessionId?: string
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Thrown for commands that were under way, or are given, when the browser is gone. */
export class BrowserGone extends Error {}

/** One DevTools session: the browser's own, or that of a page. Emits protocol events by their names. */
export class CdpSession extends EventEmitter {
  readonly #connection: CdpConnection
  readonly #id: string | undefined

  constructor(connection: CdpConnection, id: string | undefined) {
    super()
    this.#connection = connection
    this.#id = id
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    return this.#connection.send(this.#id, method, params) as Promise<Result>
  }

  /** For commands whose failure means only that the page or the browser is already gone. */
  tell(method: string, params: object = {}): void {
    this.send(method, params).catch(() => {})
  }

  listen<Params>(method: string, listener: (params: Params) => void): void {
    this.on(method, listener)
  }
}

/** Chromium's DevTools protocol over --remote-debugging-pipe: JSON texts, each ended by a zero byte. */
export class CdpConnection {
  readonly browser = new CdpSession(this, undefined)
  readonly #output: Writable
  readonly #sessions = new Map<string, CdpSession>()
  readonly #waiting = new Map<number, Answer>()
  #lastId = 0
  #closed = false
  #pieces: Buffer[] = []

  constructor(output: Writable, input: Readable, onClose: () => void) {
    this.#output = output
    input.on('data', (data: Buffer) => this.#read(data))
    const close = () => {
      if (this.#closed) return
      this.#closed = true
      for (const answer of this.#waiting.values())
        answer.reject(new BrowserGone(`${answer.method}: browser gone`))
      this.#waiting.clear()
      onClose()
    }
    input.on('close', close).on('error', close)
    output.on('error', close)
  }

  session(id: string): CdpSession {
    const known = this.#sessions.get(id) ?? new CdpSession(this, id)
    this.#sessions.set(id, known)
    return known
  }

  send(sessionId: string | undefined, method: string, params: object): Promise<unknown> {
    if (this.#closed) return Promise.reject(new BrowserGone(`${method}: browser gone`))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method })
      this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #read(data: Buffer): void {
    let rest = data
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      this.#pieces.push(rest.subarray(0, end))
      const text = Buffer.concat(this.#pieces).toString()
      this.#pieces = []
      rest = rest.subarray(end + 1)
      this.#take(JSON.parse(text) as Message)
    }
    if (rest.length > 0) this.#pieces.push(rest)
  }

  #take(message: Message): void {
    if (message.id !== undefined) {
      const answer = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error) answer?.reject(new Error(`${answer.method}: ${message.error.message}`))
      else answer?.resolve(message.result)
      return
    }
    const session = message.sessionId === undefined ? this.browser : this.#sessions.get(message.sessionId)
    if (message.method === 'Target.detachedFromTarget')
      this.#sessions.delete(String(message.params?.['sessionId']))
    if (message.method !== undefined) session?.emit(message.method, message.params)
  }
}
