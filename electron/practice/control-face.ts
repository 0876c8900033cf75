import type { FastifyInstance } from 'fastify'
import { readCommand, type ColleagueCommand, type ControlCommand } from './control-command.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Listener } from './listener.ts'
import { ALL_SCOPES } from './options.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import type { RequestLog } from './request-log.ts'
import { restoreSquare, takeSquare, type WholeSquare } from './square-snapshot.ts'

type ClockCommand = Extract<ControlCommand, { kind: 'clock' }>
/** Beyond it a moment is no longer written as RFC 3339 has it. */
const FARTHEST = Date.parse('9999-12-31T23:59:59.999Z')

export interface ControlFaceOptions extends WholeSquare {
  readonly faults: FaultPlan
  readonly log: RequestLog
  readonly line: Listener
  readonly beforeAnswer: () => Promise<void>
  readonly token: string
}

/**
 * The hand behind the scenes, on a port and with a token of its own: GET /control/log, /control/customers,
 * /control/state; GET and PUT /control/snapshot; POST /control with a `ControlCommand`.
 */
export function mountControlFace(app: FastifyInstance, options: ControlFaceOptions): void {
  const { model, faults, log, clock, line } = options
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers.authorization === `Bearer ${options.token}`) return undefined
    return reply.code(401).send({ error: 'wrong control token' })
  })
  app.get('/control/log', () => ({
    requests: log.requests(),
    createdByKey: log.createdByKey(),
    effectsByKey: log.effectsByKey(),
  }))
  app.get('/control/customers', (request) => {
    const { merchantId } = request.query as { merchantId?: string }
    return { customers: (merchantId === undefined ? model : model.seller(merchantId))?.customers() ?? [] }
  })
  app.get('/control/state', () => ({
    lineUp: line.isUp(),
    faults: faults.pending(),
    flags: model.flags,
    clock: { at: new Date(clock.now()).toISOString(), stopped: clock.isStopped() },
  }))
  app.get('/control/snapshot', () => takeSquare(options))
  app.put('/control/snapshot', async (request, reply) => {
    if (!restoreSquare(options, parsed(request.body)))
      return reply.code(400).send({ error: 'not a snapshot' })
    await options.beforeAnswer()
    return { done: null }
  })
  app.post('/control', async (request, reply) => {
    const read = readCommand(parsed(request.body))
    if (read.kind === 'wrong') return reply.code(400).send({ error: `${read.path}: ${read.reason}` })
    const outcome = await run(read.value)
    if (outcome.kind === 'refused') return reply.code(outcome.status).send({ errors: outcome.errors })
    return { done: outcome.value }
  })

  async function run(command: ControlCommand): Promise<Outcome<unknown>> {
    switch (command.kind) {
      case 'line':
        await line.set(command.up)
        return ok(null)
      case 'faults':
        faults.add(command.faults)
        return ok(null)
      case 'clear-faults':
        faults.clear()
        return ok(null)
      case 'flags':
        model.setFlags(command.flags)
        return ok(null)
      case 'clock':
        return moveClock(command)
      case 'token':
        model.setTokenState(command.token, command.state)
        return ok(null)
      case 'grant': {
        const { token, scopes, merchantId, expiresInMs } = command
        if (merchantId !== undefined && !model.seller(merchantId)) return noSuchMerchant(merchantId)
        model.grantToken(token, {
          scopes,
          state: 'valid',
          ...(merchantId === undefined ? {} : { merchantId }),
          ...(expiresInMs === undefined ? {} : { expiresAt: clock.now() + expiresInMs }),
        })
        return ok(null)
      }
      case 'merchant': {
        const { merchant, token } = command
        if (!model.addMerchant(merchant))
          return refuse('BAD_REQUEST', `There is a merchant ${merchant.id}.`, 'merchant.id')
        if (token !== undefined)
          model.grantToken(token, { scopes: ALL_SCOPES, state: 'valid', merchantId: merchant.id })
        return kept(ok(null))
      }
      default:
        return kept(asColleague(command))
    }
  }

  function moveClock({ at, advanceMs = 0, stopped }: ClockCommand): Outcome<null> {
    const moment = (at === undefined ? clock.now() : Date.parse(at)) + advanceMs
    if (moment < 0 || moment > FARTHEST)
      return refuse('BAD_REQUEST', 'The clock goes from 1970 to 9999.', advanceMs === 0 ? 'at' : 'advanceMs')
    clock.set(moment)
    if (stopped === true) clock.stop()
    if (stopped === false) clock.go()
    return ok(null)
  }

  function asColleague(command: ColleagueCommand): Outcome<unknown> {
    const call = { now: clock.now() }
    const { merchantId = model.merchant.id } = command
    const colleague = model.seller(merchantId)?.colleague
    if (!colleague) return noSuchMerchant(merchantId)
    switch (command.kind) {
      case 'create':
        return colleague.create(command.changes, call)
      case 'edit':
        return colleague.edit(command.id, command.changes, call)
      case 'merge':
        return colleague.merge(command.ids, call)
      case 'segment':
        return ok(colleague.setSegment(command.name, command.ids, call))
      case 'revert':
      case 'remove':
      case 'restore':
        return colleague[command.kind](command.id, call)
    }
  }

  async function kept(outcome: Outcome<unknown>): Promise<Outcome<unknown>> {
    if (outcome.kind === 'ok') await options.beforeAnswer()
    return outcome
  }
}

function noSuchMerchant(id: string): Refused {
  return refuse('NOT_FOUND', `There is no merchant ${id}.`, 'merchantId')
}

/** The JSON in a body; undefined where there is none, which is nothing that could be asked. */
function parsed(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    return undefined
  }
}
