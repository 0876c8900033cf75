import type { Operation } from '#shared/outbox/operation.ts'
import type { LogRecord } from '#shared/outbox/record.ts'

interface ToldApart {
  /** Square ids of those staff saw and said: create separately. */
  readonly from: ReadonlySet<string>
  /** What had been typed by then of what a new customer is looked for by. */
  readonly typed: ReadonlySet<unknown>
}

/**
 * Nobody is asked twice whether the new customer is somebody they told apart from it, also where another operation has
 * taken its place since, unless something was typed meanwhile by which customers are looked for (S9).
 */
export class ToldApartOracle {
  readonly #bad: (what: string) => void
  readonly #ops = new Map<string, Operation>()
  readonly #shown = new Map<string, readonly string[]>()
  readonly #apart = new Map<string, readonly ToldApart[]>()

  constructor(bad: (what: string) => void) {
    this.#bad = bad
  }

  durable(record: LogRecord): void {
    if (record.kind === 'queued') {
      this.#ops.set(record.op.id, record.op)
      for (const id of record.replaces) this.#add(record.op.id, ...(this.#apart.get(id) ?? []))
    }
    if (record.kind === 'fact' && record.fact.kind === 'not-a-duplicate') {
      const { opId } = record.fact
      this.#add(opId, { from: new Set(this.#shown.get(opId)), typed: new Set(this.#typed(opId)) })
    }
    if (record.kind !== 'asks' || record.question.kind !== 'create-duplicate') return
    const { opId, question } = record
    const shown = question.candidates.map(({ id }) => id)
    this.#shown.set(opId, shown)
    const before = this.#apart.get(opId) ?? []
    const again = shown.filter((id) =>
      before.some(({ from, typed }) => from.has(id) && this.#typed(opId).every((value) => typed.has(value))),
    )
    if (again.length > 0) this.#bad(`asked again about ${again.join()}, told apart from ${opId} before`)
  }

  #add(opId: string, ...more: readonly ToldApart[]): void {
    this.#apart.set(opId, [...(this.#apart.get(opId) ?? []), ...more])
  }

  #typed(opId: string): unknown[] {
    const op = this.#ops.get(opId)
    if (op?.kind !== 'create') return []
    const { phoneNumber, emailAddress, referenceId } = op.patch
    return [phoneNumber, emailAddress, referenceId].flatMap((change) => change?.local ?? [])
  }
}
