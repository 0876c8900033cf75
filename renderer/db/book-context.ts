import type { AppendRequest, AppendResult } from '#shared/ipc/contract.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Draft, DraftRefusal } from '#shared/outbox/record.ts'
import type { NewId } from '#shared/ports.ts'
import type { CompareContext } from '#shared/customer/canonical.ts'
import type { SaveResult } from '../book.ts'
import type { Directory } from './database.ts'
import { plain } from './plain.ts'
import type { Projector } from './projector.ts'

/** What the parts of the open book work with. */
export interface BookContext {
  readonly db: Directory
  readonly store: StoreId
  readonly projector: Projector
  readonly newId: NewId
  readonly wallIso: () => string
  readonly compare: CompareContext
  readonly appendToLog: (request: AppendRequest) => Promise<AppendResult>
}

export type Promised =
  | { readonly kind: 'promised' }
  | { readonly kind: 'refused'; readonly refusal: DraftRefusal }
  | Extract<SaveResult, { kind: 'unwritable' }>

/**
 * Writes drafts into the log as one record batch and projects them. `promised`: they are durable, and what this window
 * reads from then on is not without them, unless its directory takes nothing (S1). After a refusal, what the log said
 * meanwhile has been projected.
 */
export function promise(context: BookContext, drafts: readonly Draft[]): Promise<Promised> {
  return context.projector.saving(appendToWhole(context, drafts))
}

/** A log that has lost its tail is given it back first; nothing was written before (S20). */
async function appendToWhole(context: BookContext, drafts: readonly Draft[]): Promise<Promised> {
  const first = await appendAndProject(context, drafts)
  if (first.kind !== 'lost-tail') return first
  await context.projector.catchUp().catch(() => {}) // whether it has worked, the log says
  const again = await appendAndProject(context, drafts)
  return again.kind === 'lost-tail' ? { kind: 'unwritable', reason: 'damaged' } : again
}

async function appendAndProject(
  context: BookContext,
  drafts: readonly Draft[],
): Promise<Promised | { readonly kind: 'lost-tail' }> {
  const { projector, appendToLog } = context
  const mirror = await projector.position()
  // What cannot be read now is read with the batch.
  const reading = projector.readAhead(drafts).catch(() => {})
  let result: AppendResult
  try {
    result = await appendToLog(plain({ drafts, mirror }))
  } catch {
    // Main could not be asked, or its answer was lost: the same operation ids may be saved again and count once.
    return { kind: 'unwritable', reason: 'io' }
  }
  if (result.kind === 'unwritable' || result.kind === 'lost-tail') return result
  try {
    await reading
    await projector.applyBatch(result.batch, mirror)
  } catch {
    // The log has it. The hint of it makes this window try again until it can show it, and say meanwhile that it cannot.
  }
  return result.kind === 'refused' ? { kind: 'refused', refusal: result.refusal } : { kind: 'promised' }
}
