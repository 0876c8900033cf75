import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClock, type Clock } from './clock.ts'
import { mountControlFace } from './control-face.ts'
import { deliver } from './deliver.ts'
import { createFaultPlan, type FaultPlan } from './fault-plan.ts'
import { takeTurn, type Faced } from './fault-turn.ts'
import { listen, type Listener, type ListenResult } from './listener.ts'
import type { PracticeModel } from './model.ts'
import type { OAuth } from './oauth.ts'
import { mountOAuthPage } from './oauth-page.ts'
import { refuse } from './outcome.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import type { PracticeRequest } from './wire.ts'

export interface PracticeServerOptions {
  readonly model: PracticeModel
  /** What Square's clock begins as, ms since the epoch; also the Date header. The control face may stop and move it. */
  readonly now: () => number
  /** 0 or absent: a free one. */
  readonly port?: number
  readonly faults?: FaultPlan
  /** Sign-in at /oauth2; absent: there is none. */
  readonly oauth?: OAuth
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
  readonly clock: Clock
  lineUp(): boolean
  /** False: connections are refused and open ones broken. True: the same port again. */
  setLine(up: boolean): Promise<void>
  /** Ends everything at once, answers under way included. */
  close(): Promise<void>
}
export type StartedPracticeServer =
  { readonly kind: 'listening'; readonly server: PracticeServer } | Extract<ListenResult, { kind: 'failed' }>

const BODY_LIMIT = 1_000_000
/** What fastify refuses to read, by the status it has for that. */
const UNREADABLE: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  413: 'REQUEST_ENTITY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
}
/** A snapshot of 200,000 customers comes back through the control face. */
const CONTROL_BODY_LIMIT = 1_000_000_000

/** Gives the model an HTTP face on 127.0.0.1. It knows nothing of whoever talks to it. */
export async function startPracticeServer(options: PracticeServerOptions): Promise<StartedPracticeServer> {
  const { model, oauth, beforeAnswer = () => Promise.resolve() } = options
  const clock = createClock(options.now)
  const faults = options.faults ?? createFaultPlan()
  const log = createRequestLog(model)
  const over = new AbortController()
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
    over.abort()
    for (const listener of listeners) await listener.set(false)
    for (const app of apps) await app.close()
  }
  /** False: the server closed meanwhile. */
  function pause(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: over.signal }).catch(() => false)
  }
  async function lineDownFor(ms: number): Promise<void> {
    await line.set(false)
    if (await pause(ms)) await line.set(true)
  }

  const faced: Faced = {
    ...model,
    handle: (request, call) => oauth?.handle(request, call.now) ?? model.handle(request, call),
  }
  const square = loopbackApp(clock, BODY_LIMIT)
  if (oauth) mountOAuthPage(square, oauth, clock)
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = readRequest(request)
    log.begin()
    const turn = takeTurn(faced, faults, asked, {
      now: clock.now(),
      tag: asked.headers['practice-tag'] ?? null,
    })
    if (log.note(asked, turn, clock.now())) await beforeAnswer()
    if (turn.delayMs > 0) await pause(turn.delayMs)
    if (turn.kind === 'refused' && turn.lineDownMs > 0) void lineDownFor(turn.lineDownMs)
    return deliver(turn, reply, over.signal)
  }
  square.all('/*', answer)
  square.setNotFoundHandler(answer) // Methods that fastify does not know.
  const opened = await open(square, options.port ?? 0)
  if (opened.kind === 'failed') return opened
  const line = opened.listener

  let controlUrl: string | null = null
  if (options.control) {
    const control = loopbackApp(clock, CONTROL_BODY_LIMIT)
    const { token } = options.control
    mountControlFace(control, { model, oauth, faults, log, clock, line, beforeAnswer, token })
    const controlOpened = await open(control, options.control.port ?? 0)
    if (controlOpened.kind === 'failed') return controlOpened
    controlUrl = `http://127.0.0.1:${controlOpened.listener.port}`
  }
  const server: PracticeServer = {
    url: `http://127.0.0.1:${line.port}`,
    controlUrl,
    faults,
    log,
    clock,
    lineUp: line.isUp,
    setLine: (up) => line.set(up),
    close,
  }
  return { kind: 'listening', server }
}

/** An app that reads bodies as plain text and answers only to its own loopback name (no DNS rebinding). */
function loopbackApp(clock: Clock, bodyLimit: number): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit,
    routerOptions: { maxParamLength: 1000 },
    // A path that is not even a path: no hook and no route has seen it.
    frameworkErrors: (_error, _request, reply: unknown) => {
      const { status, errors } = refuse('BAD_REQUEST', 'The URL could not be decoded.')
      void (reply as FastifyReply).code(status).send({ errors })
    },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    // Not readable, or a host that could not keep what was done: the client must not take it for an answer.
    const code = UNREADABLE[error.statusCode ?? 500] ?? 'INTERNAL_SERVER_ERROR'
    const { status, errors } = refuse(code, 'The request could not be handled.')
    void reply.code(status).send({ errors })
  })
  app.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host ?? ''
    const port = request.socket.localPort
    reply.header('date', new Date(clock.now()).toUTCString())
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
  const url = new URL(`http://127.0.0.1${request.url}`) // Not as a base: `//v2` would be a host.
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
