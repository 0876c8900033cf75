import { randomInt } from 'node:crypto'
import type { Fault } from '#practice/faults.ts'
import { createPracticeModel } from '#practice/model.ts'
import { PRACTICE_TOKEN } from '#practice/options.ts'
import type { Outcome } from '#practice/outcome.ts'
import { ALL_SCOPES } from '#practice/options.ts'
import type { LoggedEffect, LoggedRequest } from '#practice/request-log.ts'
import { seedPractice } from '#practice/seed.ts'
import { startPracticeServer } from '#practice/server.ts'
import { newSquareId } from '#practice/square-id.ts'
import type { WireChanges, WireCustomer, WireFields } from '#practice/wire.ts'

/** A Square of our own: it outlives every app that is killed, and knows what was really done. */
export interface TestSquare {
  readonly url: string
  readonly token: string
  /** Puts a customer there as if always been; the app sees it at its next pull. */
  seed(fields: WireFields): WireCustomer
  /** A colleague adds somebody now. */
  adds(fields: WireChanges): WireCustomer
  edits(customer: WireCustomer, changes: WireChanges): WireCustomer
  removes(customer: WireCustomer): void
  merges(customers: readonly WireCustomer[]): WireCustomer
  /** Everybody at Square with that first name. */
  named(givenName: string): readonly WireCustomer[]
  /** The customer as Square has it, by id; undefined when deleted. */
  now(customer: WireCustomer): WireCustomer | undefined
  count(): number
  setLine(up: boolean): Promise<void>
  fault(...faults: Fault[]): void
  clearFaults(): void
  readonly pendingFaults: () => readonly Fault[]
  requests(): readonly LoggedRequest[]
  /** What the API changed, in order, from the n-th request on. */
  effects(since?: number): readonly LoggedEffect[]
  /** Keys that made more than one customer: must always be empty. */
  duplicateKeys(): readonly string[]
  close(): Promise<void>
}

/** Starts it with these customers (or the sixty of the practice store), on a free port of 127.0.0.1. */
export async function startSquare(
  people: readonly WireFields[] | 'sixty' = [],
  token: string = PRACTICE_TOKEN,
): Promise<TestSquare> {
  const model = createPracticeModel({
    newId: () => newSquareId(randomInt),
    tokens: { [token]: { scopes: ALL_SCOPES, state: 'valid' } },
  })
  const seed = (fields: WireFields) => model.seed(fields, 'DIRECTORY', { now: Date.now() - 86_400_000 })
  if (people === 'sixty') seedPractice(model, Date.now())
  else people.forEach(seed)
  const started = await startPracticeServer({ model, now: Date.now })
  if (started.kind === 'failed') throw new Error(`no port for the practice Square: ${started.detail}`)
  const { server } = started
  const call = () => ({ now: Date.now() })
  return {
    url: server.url,
    token,
    seed,
    adds: (fields) => done(model.colleague.create(fields, call())),
    edits: ({ id }, changes) => done(model.colleague.edit(id, changes, call())),
    removes: ({ id }) => void done(model.colleague.remove(id, call())),
    merges: (customers) =>
      done(
        model.colleague.merge(
          customers.map(({ id }) => id),
          call(),
        ),
      ),
    named: (givenName) => model.customers().filter((one) => one.given_name === givenName),
    now: ({ id }) => model.customers().find((one) => one.id === id),
    count: () => model.customers().length,
    setLine: (up) => server.setLine(up),
    fault: (...faults) => server.faults.add(faults),
    clearFaults: () => server.faults.clear(),
    pendingFaults: () => server.faults.pending(),
    requests: () => server.log.requests(),
    effects: (since = 0) =>
      server.log
        .requests()
        .slice(since)
        .flatMap((request) => request.effects),
    duplicateKeys: () =>
      Object.entries(server.log.createdByKey()).flatMap(([key, times]) => (times > 1 ? [key] : [])),
    close: () => server.close(),
  }
}

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.errors))
  return outcome.value
}
