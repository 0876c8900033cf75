import { localOf, resolveSquareId } from '#shared/outbox/fold-log.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { LogRecord } from '#shared/outbox/record.ts'

/** What a batch is about. */
export interface TouchedKeys {
  readonly opIds: ReadonlySet<string>
  readonly localIds: ReadonlySet<string>
  readonly squareIds: ReadonlySet<string>
}

/**
 * The operations and rows that these records can touch, read before they are applied: every id they name, and where
 * those ids lead by bindings, merges, "Add again" and collapsed rows.
 */
export function touchedKeys(
  state: LogState,
  redirects: ReadonlyMap<string, string>,
  records: readonly LogRecord[],
): TouchedKeys {
  const opIds = new Set<string>()
  const localIds = new Set<string>()
  const squareIds = new Set<string>()
  const queued = new Map<string, Operation>()

  const addSquareId = (id: string | null | undefined) => {
    if (!id) return
    squareIds.add(id)
    squareIds.add(resolveSquareId(state, id))
  }
  const addLocalId = (id: string) => {
    let at: string | undefined = localOf(state, id)
    for (let steps = 0; at !== undefined && steps < 100; steps++) {
      localIds.add(at)
      at = redirects.get(at)
    }
    addSquareId(state.bindings.get(localOf(state, id)))
  }
  const addOperation = (op: Operation) => {
    addLocalId(op.localId)
    if (op.kind !== 'create') addSquareId(op.squareId)
    else addSquareId(op.recreates)
  }
  const addOpId = (id: string) => {
    opIds.add(id)
    const op = queued.get(id) ?? state.entries.get(id)?.op
    if (op) addOperation(op)
  }

  for (const record of records) {
    switch (record.kind) {
      case 'queued':
        queued.set(record.op.id, record.op)
        for (const id of [record.op.id, ...record.replaces]) addOpId(id)
        break
      case 'withdrawn':
        for (const id of record.opIds) addOpId(id)
        break
      case 'sent':
        addOpId(record.opId)
        addSquareId(record.squareId)
        break
      case 'answered':
        addOpId(record.opId)
        if (record.answer.kind === 'applied') addSquareId(record.answer.remote?.id)
        break
      case 'lifted':
        addOpId(record.opId)
        break
      case 'asks':
        addOpId(record.opId)
        if ('remote' in record.question) addSquareId(record.question.remote.id)
        break
      case 'alias':
        for (const id of [record.fromSquareId, record.toSquareId, record.remote.id]) addSquareId(id)
        break
      case 'fact':
        if (record.fact.kind === 'not-a-duplicate') addOpId(record.fact.opId)
        addLocalId(record.localId)
        break
      case 'copied':
        for (const id of state.entries.keys()) addOpId(id)
        break
      case 'snapshot':
        break // concerns everything: all rows are read
    }
  }
  return { opIds, localIds, squareIds }
}
