import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { mountControlFace } from './control-face.ts'
import { createFaultPlan, takeTurn, type FaultPlan, type Turn } from './faults.ts'
import { listen, type Listener, type ListenResult } from './listener.ts'
import type { PracticeModel } from './model.ts'
import { refuse } from './outcome.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import type { PracticeRequest } from './wire.ts'

export interface PracticeServerOptions {
  readonly model: PracticeModel
  /** Square's clock, ms since the epoch; also the Date header. */
  readonly now: () => number
  /** 0 or absent: a free one. */
  readonly port?: number
  readonly faults?: FaultPlan
  /** Awaited after something changed and before the answer leaves: the host makes it durable. */
  readonly beforeAnswer?: () => Promise<void>
  /** A second port for tests and demonstrations; it stays when the line is cut. */
  readonly control?: { readonly port?: number; readonly token: string }
}
export interface PracticeServer {
  /** `http://127.0.0.1:PORT`, to be used as Square's base URL. */
  readonly url: string
  readonly controlUrl: string | null
  readonly faults: FaultPlan
  readonly log: RequestLog
  lineUp(): boolean
  /** False: connections are refused and open ones broken. True: the same port again. */
  setLine(up: boolean): Promise<void>
  close(): Promise<void>
}
export type StartedPracticeServer =
  { readonly kind: 'listening'; readonly server: PracticeServer } | Extract<ListenResult, { kind: 'failed' }>

const BODY_LIMIT = 1_000_000

/** Gives the model an HTTP face on 127.0.0.1. It knows nothing of whoever talks to it. */
export async function startPracticeServer(options: PracticeServerOptions): Promise<StartedPracticeServer> {
  const { model, now, beforeAnswer = () => Promise.resolve() } = options
  const faults = options.faults ?? createFaultPlan()
  const log = createRequestLog(model)
  const apps: FastifyInstance[] = []
  const listeners: Listener[] = []

  async function open(app: FastifyInstance, port: number): Promise<ListenResult> {
    apps.push(app)
    await app.ready()
    const result = await listen((request, reply) => app.routing(request, reply), port)
    if (result.kind === 'listening') listeners.push(result.listener)
    else await close()
    return result
  }
  async function close(): Promise<void> {
    for (const listener of listeners) await listener.set(false)
    for (const app of apps) await app.close()
  }

  const square = loopbackApp(() => now())
  square.all('/*', async (request, reply) => {
    const asked = readRequest(request)
    log.begin()
    const turn = takeTurn(model, faults, asked, { now: now(), tag: asked.headers['practice-tag'] ?? null })
    if (log.note(asked, turn, now())) await beforeAnswer()
    if (turn.delayMs > 0) await sleep(turn.delayMs)
    return finish(turn, reply)
  })
  const opened = await open(square, options.port ?? 0)
  if (opened.kind === 'failed') return opened
  const line = opened.listener

  let controlUrl: string | null = null
  if (options.control) {
    const control = loopbackApp(() => now())
    mountControlFace(control, { model, faults, log, now, line, beforeAnswer, token: options.control.token })
    const controlOpened = await open(control, options.control.port ?? 0)
    if (controlOpened.kind === 'failed') return controlOpened
    controlUrl = `http://127.0.0.1:${controlOpened.listener.port}`
  }
  const server: PracticeServer = {
    url: `http://127.0.0.1:${line.port}`,
    controlUrl,
    faults,
    log,
    lineUp: line.isUp,
    setLine: (up) => line.set(up),
    close,
  }
  return { kind: 'listening', server }
}

/** An app that reads bodies as plain text and answers only to its own loopback name (no DNS rebinding). */
function loopbackApp(now: () => number): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: 1000 } })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    // A body too large, or a host that could not keep what was done: the client must not take it for an answer.
    const status = error.statusCode === 413 ? 413 : 500
    const code = status === 413 ? 'REQUEST_ENTITY_TOO_LARGE' : 'INTERNAL_SERVER_ERROR'
    void reply
      .code(status)
      .send({ errors: refuse(code, 'The request could not be handled.', undefined, status).errors })
  })
  app.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host ?? ''
    const port = request.socket.localPort
    reply.header('date', new Date(now()).toUTCString())
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
      return reply
        .code(421)
        .type('text/plain')
        .send('This practice store answers only to its loopback address.\n')
    return undefined
  })
  return app
}

function readRequest(request: FastifyRequest): PracticeRequest {
  const url = new URL(request.url, 'http://127.0.0.1')
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body: typeof request.body === 'string' ? request.body : null,
  }
}

function finish(turn: Turn, reply: FastifyReply): FastifyReply {
  if (turn.kind !== 'answered') {
    reply.hijack()
    reply.raw.socket?.destroy()
    return reply
  }
  const { status, headers = {}, text } = turn.answer
  return reply.code(status).headers(headers).send(text)
}
