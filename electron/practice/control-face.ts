import type { FastifyInstance } from 'fastify'
import { isObject } from './check-fields.ts'
import type { Fault, FaultPlan } from './faults.ts'
import type { Listener } from './listener.ts'
import type { PracticeModel } from './model.ts'
import type { Outcome } from './outcome.ts'
import type { RequestLog } from './request-log.ts'
import type { WireChanges } from './wire.ts'

export interface ControlFaceOptions {
  readonly model: PracticeModel
  readonly faults: FaultPlan
  readonly log: RequestLog
  readonly now: () => number
  readonly line: Listener
  readonly beforeAnswer: () => Promise<void>
  readonly token: string
}

/** What can be asked of the control face with POST /control. */
export type ControlCommand =
  | { readonly kind: 'line'; readonly up: boolean }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'clear-faults' }
  | { readonly kind: 'create'; readonly changes: WireChanges }
  | { readonly kind: 'edit'; readonly id: string; readonly changes: WireChanges }
  | { readonly kind: 'revert' | 'remove'; readonly id: string }
  | { readonly kind: 'merge'; readonly ids: readonly string[] }

/**
 * The hand behind the scenes, on a port and with a token of its own: GET /control/log, GET /control/customers and
 * POST /control with a `ControlCommand`.
 */
export function mountControlFace(app: FastifyInstance, options: ControlFaceOptions): void {
  const { model, faults, log, line } = options
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers.authorization === `Bearer ${options.token}`) return undefined
    return reply.code(401).send({ error: 'wrong control token' })
  })
  app.get('/control/log', () => ({ requests: log.requests(), createdByKey: log.createdByKey() }))
  app.get('/control/customers', () => ({ customers: model.customers() }))
  app.get('/control/state', () => ({ lineUp: line.isUp(), faults: faults.pending() }))
  app.post('/control', async (request, reply) => {
    const command = readCommand(request.body)
    if (!command) return reply.code(400).send({ error: 'not a command' })
    const outcome = await run(command)
    if (outcome?.kind === 'refused') return reply.code(outcome.status).send({ errors: outcome.errors })
    return { done: outcome?.value ?? null }
  })

  async function run(command: ControlCommand): Promise<Outcome<unknown> | null> {
    const call = { now: options.now() }
    switch (command.kind) {
      case 'line':
        await line.set(command.up)
        return null
      case 'faults':
        faults.add(command.faults)
        return null
      case 'clear-faults':
        faults.clear()
        return null
      case 'create':
        return kept(model.colleague.create(command.changes, call))
      case 'edit':
        return kept(model.colleague.edit(command.id, command.changes, call))
      case 'merge':
        return kept(model.colleague.merge(command.ids, call))
      case 'revert':
      case 'remove':
        return kept(model.colleague[command.kind](command.id, call))
    }
  }

  async function kept(outcome: Outcome<unknown>): Promise<Outcome<unknown>> {
    if (outcome.kind === 'ok') await options.beforeAnswer()
    return outcome
  }
}

/** Checks the shape a command of this kind must have; its content is the model's to judge. */
function readCommand(body: unknown): ControlCommand | null {
  let command: unknown
  try {
    command = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    return null
  }
  if (!isObject(command)) return null
  const { kind, up, faults, changes, id, ids } = command
  const good =
    (kind === 'line' && typeof up === 'boolean') ||
    (kind === 'faults' &&
      Array.isArray(faults) &&
      faults.every((fault) => isObject(fault) && typeof fault['kind'] === 'string')) ||
    kind === 'clear-faults' ||
    (kind === 'create' && isObject(changes)) ||
    (kind === 'edit' && typeof id === 'string' && isObject(changes)) ||
    ((kind === 'revert' || kind === 'remove') && typeof id === 'string') ||
    (kind === 'merge' && Array.isArray(ids) && ids.every((one) => typeof one === 'string'))
  return good ? (command as unknown as ControlCommand) : null
}
