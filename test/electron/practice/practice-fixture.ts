import { createPracticeModel, type PracticeModel } from '#practice/model.ts'
import type { Effect, PracticeModelOptions } from '#practice/options.ts'
import type { Outcome } from '#practice/outcome.ts'
import type { PracticeRequest } from '#practice/wire.ts'

export const T0 = Date.parse('2026-03-04T09:00:00.250Z')

export interface Practice {
  readonly model: PracticeModel
  readonly effects: Effect[]
}

/** A model whose ids are C1, C2, … and whose effects are kept. */
export function practice(options: Partial<PracticeModelOptions> = {}): Practice {
  const effects: Effect[] = []
  let made = 0
  const model = createPracticeModel({
    newId: () => `C${(made += 1)}`,
    onEffect: (effect) => effects.push(effect),
    ...options,
  })
  return { model, effects }
}

/** A call `seconds` after T0. */
export function at(seconds: number) {
  return { now: T0 + seconds * 1000 }
}

/** The value of an outcome that has to be good. */
export function must<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value
  throw new Error(`refused: ${JSON.stringify(outcome)}`)
}

/** Status, code and field of a refusal; `ok` otherwise. */
export function verdict(outcome: Outcome<unknown>): string {
  if (outcome.kind === 'ok') return 'ok'
  const [error] = outcome.errors
  return [outcome.status, error?.code, error?.field].filter((part) => part !== undefined).join(' ')
}

/** A request with the practice token. */
export function request(method: string, path: string, body?: unknown, more: Partial<PracticeRequest> = {}) {
  const [pathname = '', search = ''] = path.split('?')
  return {
    method,
    path: pathname,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { authorization: 'Bearer practice-token' },
    body: body === undefined ? null : JSON.stringify(body),
    ...more,
  }
}
