import { dialectOf, NEWEST_VERSION, type Dialect } from './api-version.ts'
import { fieldsOf } from './apply-changes.ts'
import { createDirectoryIndex, type DirectoryIndex } from './directory-index.ts'
import type { PracticeFlags } from './flags.ts'
import { DEFAULT_MERCHANT, type Effect, type PracticeModelOptions } from './options.ts'
import { createPhoneReader, isPlannedNumber } from './phone.ts'
import type { FieldRules } from './read-changes.ts'
import { emptyState, type PracticeState } from './state.ts'
import type { WireCustomer, WireFields, WireMerchant } from './wire.ts'

/** When something is asked, by whom and in which version of the API. */
export interface Call {
  /** Square's clock in ms since the epoch. */
  readonly now: number
  /** Passed on to `onEffect`, to tell one request from another. */
  readonly tag?: string | null
  /** Square-Version; absent: the newest known. */
  readonly squareVersion?: string
  /** X-Clear-Null: true. */
  readonly clearNull?: boolean
  /** The application that asks; absent: that of the practice token. */
  readonly applicationId?: string
  /** Milliseconds until list and search see what this call changes, instead of the model's own lag. */
  readonly indexLagMs?: number
  /** A bulk request breaks off with a 429 after so many entries, instead of the flag. */
  readonly bulkStopsAfter?: number
}

/** What the operations on the store of one merchant work on. */
export interface Store {
  readonly state: PracticeState
  readonly index: DirectoryIndex
  /** As they are now: they may be set while the store runs. */
  readonly flags: PracticeFlags
  readonly merchant: WireMerchant
  readonly readPhone: (raw: string) => string | null
  readonly newId: () => string
  /** How this call is read, by its version. */
  fieldRules(call: Call): FieldRules
  /** By id, merged ids followed to the end of their chain. */
  find(id: string): WireCustomer | undefined
  /** The customer a write to this id reaches (flag `mergedWrites`). */
  findForWrite(id: string): WireCustomer | undefined
  newCustomer(fields: WireFields, source: string, call: Call): WireCustomer
  /** The customer with other fields, a higher version and a new time; nothing is written yet. */
  changed(before: WireCustomer, fields: WireFields, call: Call): WireCustomer
  /** Makes it so: truth, index (when its lag is over), memory of what was before, effect. */
  write(
    effect: Pick<Effect, 'kind' | 'by' | 'before' | 'after'> & { readonly idempotencyKey?: string | null },
    call: Call,
  ): void
}

/** A store without customers, ready to work. `flags` are looked at again at every call. */
export function createStore(
  merchantOptions: Partial<WireMerchant>,
  flags: PracticeFlags,
  options: Pick<PracticeModelOptions, 'newId' | 'indexLag' | 'onEffect' | 'few'>,
): Store {
  const state = emptyState()
  const index = createDirectoryIndex(state, options.few)
  const merchant = { ...DEFAULT_MERCHANT, ...merchantOptions }
  const find = (id: string) => {
    let current = id
    for (let next = state.merged.get(current); next !== undefined; next = state.merged.get(current))
      current = next
    return state.customers.get(current)
  }
  const isNumber = (raw: string) => isPlannedNumber(raw, merchant.country)
  const dialect = (call: Call): Dialect =>
    dialectOf(call.squareVersion ?? NEWEST_VERSION, call.clearNull ?? false, flags)
  return {
    state,
    index,
    flags,
    merchant,
    readPhone: createPhoneReader(merchant.country),
    newId: options.newId,
    fieldRules: (call) => ({ dialect: dialect(call), flags, isNumber }),
    find,
    findForWrite: (id) => (flags.mergedWrites === 'followed' ? find(id) : state.customers.get(id)),
    newCustomer(fields, source, { now }) {
      return {
        id: options.newId(),
        created_at: iso(now),
        updated_at: changeTime(now, flags),
        ...fields,
        preferences: { email_unsubscribed: false },
        creation_source: source,
        version: 0,
      }
    },
    changed(before, fields, { now }) {
      const { id, created_at, preferences, creation_source, group_ids, segment_ids, version } = before
      return {
        id,
        created_at,
        updated_at: changeTime(now, flags),
        ...fields,
        preferences,
        creation_source,
        ...(group_ids && { group_ids }),
        ...(segment_ids && { segment_ids }),
        version: version + flags.versionStep,
      }
    },
    write({ kind, by, before, after, idempotencyKey = null }, call) {
      const id = (after ?? before)?.id
      if (id === undefined) throw new Error('an effect without a customer')
      if (after) state.customers.set(id, after)
      else state.customers.delete(id)
      if (before && after) state.previous.set(id, fieldsOf(before))
      if (before && !after) {
        for (const map of [state.previous, state.cards, state.attributes]) map.delete(id)
        state.gone.set(id, { customer: before, at: call.now, how: kind === 'merge' ? 'merged' : 'deleted' })
      }
      const lag = call.indexLagMs ?? options.indexLag?.({ id, at: call.now }) ?? 0
      index.changed(id, after, call.now + lag, call.now)
      const { now: at, tag = null } = call
      options.onEffect?.({ kind, by, merchantId: merchant.id, id, at, idempotencyKey, tag, before, after })
    },
  }
}

/** RFC 3339 with milliseconds, as Square writes when something was made. */
export function iso(now: number): string {
  return new Date(now).toISOString()
}

/** RFC 3339 as Square writes when something was changed (flag `wholeSeconds`). */
export function changeTime(now: number, flags: PracticeFlags): string {
  return flags.wholeSeconds ? iso(Math.floor(now / 1000) * 1000).replace('.000Z', 'Z') : iso(now)
}
