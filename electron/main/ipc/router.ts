import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { ValidationError } from 'yup'
import { INVOKE_CHANNELS, type InvokeChannel, type InvokeContract } from '#shared/ipc/contract.ts'
import type { Log } from '#shared/ports.ts'
import { IPC_SIZE_LIMIT } from '../config.ts'
import { faultFacts } from '#shared/fault.ts'
import { originOf } from '../platform/origins.ts'
import type { ArgumentSchemas } from './argument-schemas.ts'
import { sizeOfPlainData } from './plain-data.ts'

export type Handlers = {
  readonly [C in InvokeChannel]: (
    request: InvokeContract[C]['request'],
  ) => InvokeContract[C]['response'] | Promise<InvokeContract[C]['response']>
}

export interface RouterOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  readonly schemas: ArgumentSchemas
  readonly handlers: Handlers
  /** The only origin that may call. */
  readonly pageOrigin: string
  readonly log: Log
}

/** Giving a log its lost tail back carries a whole mirror; everything else is small. */
const SIZE_LIMITS: Partial<Record<InvokeChannel, number>> = { 'outbox:restore': 50 * IPC_SIZE_LIMIT }

/**
 * Opens the doors of the contract, one handler each. A call must come from the top frame of our own page, carry exactly
 * one argument of the channel's shape, and be no monster. What is refused, and what breaks in a handler, reaches the
 * page as an error that names the channel and nothing else; world events are values and never get here.
 */
export function routeInvokes(options: RouterOptions): void {
  for (const channel of INVOKE_CHANNELS) routeOne(channel, options)
}

function routeOne<C extends InvokeChannel>(channel: C, options: RouterOptions): void {
  const { ipcMain, schemas, handlers, pageOrigin, log } = options
  ipcMain.handle(channel, async (event, ...args: unknown[]) => {
    const refuse = (why: string, facts = {}): never => {
      log.warn('ipc.refused', { channel, why, ...facts })
      throw new Error(`${channel}: refused`)
    }
    if (!isOurPage(event, pageOrigin)) return refuse('sender')
    if (args.length !== 1) return refuse('arguments')
    if (sizeOfPlainData(args[0], SIZE_LIMITS[channel] ?? IPC_SIZE_LIMIT) === null) return refuse('size')
    let request: InvokeContract[C]['request']
    try {
      request = schemas[channel].validateSync(args[0], { strict: true, abortEarly: true })
    } catch (error) {
      // The path within the request and the rule that failed; never the value.
      return refuse(
        'shape',
        error instanceof ValidationError ? { path: error.path ?? '', rule: error.type ?? '' } : {},
      )
    }
    return answerOrFail(channel, async () => handlers[channel](request), log)
  })
}

/** A bug of ours. Its message could quote a customer, so the log gets the kind of error and the place only. */
async function answerOrFail<T>(channel: InvokeChannel, answer: () => Promise<T>, log: Log): Promise<T> {
  const outcome = await answer().then(
    (value) => ({ kind: 'answered', value }) as const,
    (error: unknown) => ({ kind: 'threw', facts: faultFacts(error) }) as const,
  )
  if (outcome.kind === 'answered') return outcome.value
  log.error('ipc.failed', { channel, ...outcome.facts })
  throw new Error(`${channel}: failed`)
}

/** The caller is the top frame of a page of ours; a frame that is gone, or is inside another, is not. */
export function isOurPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>, pageOrigin: string): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && originOf(frame.url) === pageOrigin
}
