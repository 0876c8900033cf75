import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { assertNever } from '#shared/exhaustive.ts'
import type { PracticeCommand, PracticeState } from '#shared/ipc/contract.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Log } from '#shared/ports.ts'
import { createFaultPlan, type FaultPlan } from '#practice/fault-plan.ts'
import { createPracticeModel, type PracticeModel } from '#practice/model.ts'
import { ALL_SCOPES, DEFAULT_MERCHANT } from '#practice/options.ts'
import { isWrite } from '#practice/route.ts'
import { seedPractice } from '#practice/seed.ts'
import { startPracticeServer, type PracticeServer } from '#practice/server.ts'
import { newSquareId } from '#practice/square-id.ts'
import { snapshotOf } from '#practice/snapshot.ts'
import { readIfThere, writeAtomically } from '../platform/atomic-file.ts'
import { colleaguesChange } from './colleagues-change.ts'

/** Whose store it is: known before it runs, because its file lies in that store's folder. */
export const PRACTICE_STORE: StoreId = { merchantId: DEFAULT_MERCHANT.id, environment: 'practice' }

/** The practice store while it runs: an address to be used like Square's, and the drawer's hand on it. */
export interface RunningPractice {
  readonly baseUrl: string
  readonly token: string
  command(command: PracticeCommand): Promise<PracticeState>
  close(): Promise<void>
}

/**
 * Starts the practice store on a free loopback port with a token of this run. What it holds lives in `file`: there
 * before any answer to a change leaves, seeded at the first start. Null where it cannot be started.
 */
export async function startPractice(options: {
  readonly file: string
  readonly log: Log
  readonly now?: () => number
}): Promise<RunningPractice | null> {
  const { file, log, now = Date.now } = options
  const token = randomBytes(24).toString('base64url')
  const model = createPracticeModel({
    newId: () => newSquareId((below) => randomInt(below)),
    tokens: { [token]: { scopes: ALL_SCOPES, state: 'valid' } },
  })
  const persist = inSequence(() => writeAtomically(file, JSON.stringify(model.snapshot())))
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    if (!(await restored(model, file, log))) {
      seedPractice(model, now())
      await persist()
    }
    const loser = createAnswerLoser()
    const started = await startPracticeServer({ model, now, beforeAnswer: persist, faults: loser.plan })
    if (started.kind === 'failed') {
      log.error('practice.not-started', { reason: started.reason })
      return null
    }
    const { server } = started
    return {
      baseUrl: server.url,
      token,
      command: async (command) => {
        await run(command, { model, server, loser, now: now(), persist })
        return { available: true, lineUp: server.lineUp(), answersToLose: loser.left() }
      },
      close: () => server.close(),
    }
  } catch (error) {
    log.error('practice.not-started', { reason: error instanceof Error ? error.name : 'unknown' })
    return null
  }
}

interface Hand {
  readonly model: PracticeModel
  readonly server: PracticeServer
  readonly loser: AnswerLoser
  readonly now: number
  readonly persist: () => Promise<void>
}

async function run(command: PracticeCommand, { model, server, loser, now, persist }: Hand): Promise<void> {
  switch (command.kind) {
    case 'state':
      return
    case 'line':
      return server.setLine(command.up)
    case 'lose-next-answer':
      return loser.loseOne()
    case 'colleague-edits': {
      const found = model.retrieve(command.squareId)
      if (found.kind !== 'ok') return
      model.colleague.edit(found.value.id, colleaguesChange(found.value, command.field), { now })
      return persist()
    }
    case 'colleague-deletes': {
      const found = model.retrieve(command.squareId)
      if (found.kind !== 'ok') return
      model.colleague.remove(found.value.id, { now })
      return persist()
    }
    default:
      return assertNever(command)
  }
}

interface AnswerLoser {
  readonly plan: FaultPlan
  loseOne(): void
  left(): number
}

/** Loses answers to writes only, of one customer or of many: a lost read would show nothing, and staff would wonder where their fault went. */
function createAnswerLoser(): AnswerLoser {
  const rest = createFaultPlan()
  let left = 0
  const plan: FaultPlan = {
    ...rest,
    take(request, arrival) {
      if (left === 0 || !isWrite(request)) return rest.take(request, arrival)
      left -= 1
      return [{ kind: 'lose-answer' }]
    },
  }
  return { plan, left: () => left, loseOne: () => void (left += 1) }
}

/** False: there was nothing, or nothing that could be read (then it is kept beside, and a new store begins). */
async function restored(model: PracticeModel, file: string, log: Log): Promise<boolean> {
  const text = await readIfThere(file)
  if (text === null) return false
  try {
    const snapshot = snapshotOf(JSON.parse(text), model.merchant.id)
    if (!snapshot) throw new Error('another format')
    model.restore(snapshot)
    return true
  } catch {
    log.warn('practice.unreadable')
    await rename(file, `${file}.unreadable`)
    return false
  }
}

/** Runs the work once after the other; who asks while it runs gets one more run that has seen everything so far. */
function inSequence(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null
        running = work()
        return running
      })
    return next
  }
}
