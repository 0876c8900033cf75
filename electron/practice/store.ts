import { fieldsOf } from './apply-changes.ts'
import { createDirectoryIndex, type DirectoryIndex } from './directory-index.ts'
import {
  DEFAULT_FLAGS,
  DEFAULT_MERCHANT,
  type Effect,
  type PracticeFlags,
  type PracticeModelOptions,
} from './options.ts'
import { createPhoneReader } from './phone.ts'
import { emptyState, type PracticeState } from './state.ts'
import type { WireCustomer, WireFields, WireMerchant } from './wire.ts'

/** When something is asked, and by whom. */
export interface Call {
  /** Square's clock in ms since the epoch. */
  readonly now: number
  /** Passed on to `onEffect`, to tell one request from another. */
  readonly tag?: string | null
  /** Milliseconds until list and search see what this call changes, instead of the model's own lag. */
  readonly indexLagMs?: number
  /** A bulk request breaks off with a 429 after so many entries, instead of the flag. */
  readonly bulkStopsAfter?: number
}

/** What decides how changes are applied. */
export interface WriteRules {
  readonly addressRule: 'merge' | 'replace'
  readonly country: string
}

/** What the operations of the model work on. */
export interface Store {
  readonly state: PracticeState
  readonly index: DirectoryIndex
  readonly flags: PracticeFlags
  readonly merchant: WireMerchant
  readonly rules: WriteRules
  readonly readPhone: (raw: string) => string | null
  /** By id, merged ids followed to the end of their chain. */
  find(id: string): WireCustomer | undefined
  newCustomer(fields: WireFields, source: string, call: Call): WireCustomer
  /** The customer with other fields, a higher version and a new time; nothing is written yet. */
  changed(before: WireCustomer, fields: WireFields, call: Call): WireCustomer
  /** Makes it so: truth, index (when its lag is over), memory of what was before, effect. */
  write(effect: Pick<Effect, 'kind' | 'by' | 'before' | 'after' | 'idempotencyKey'>, call: Call): void
}

/** A store without customers, ready to work. */
export function createStore(options: PracticeModelOptions): Store {
  const state = emptyState()
  const index = createDirectoryIndex(state)
  const flags = { ...DEFAULT_FLAGS, ...options.flags }
  const merchant = { ...DEFAULT_MERCHANT, ...options.merchant }
  return {
    state,
    index,
    flags,
    merchant,
    get rules() {
      return { addressRule: flags.addressRule, country: merchant.country }
    },
    readPhone: createPhoneReader(merchant.country),
    find(id) {
      let current = id
      for (let next = state.merged.get(current); next !== undefined; next = state.merged.get(current))
        current = next
      return state.customers.get(current)
    },
    newCustomer(fields, source, { now }) {
      return {
        id: options.newId(),
        created_at: iso(now),
        updated_at: updatedAt(now, flags),
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
        updated_at: updatedAt(now, flags),
        ...fields,
        preferences,
        creation_source,
        ...(group_ids && { group_ids }),
        ...(segment_ids && { segment_ids }),
        version: version + flags.versionStep,
      }
    },
    write(effect, call) {
      const { before, after } = effect
      const id = (after ?? before)?.id
      if (id === undefined) throw new Error('an effect without a customer')
      if (after) state.customers.set(id, after)
      else state.customers.delete(id)
      if (before && after) state.previous.set(id, fieldsOf(before))
      if (!after) state.previous.delete(id)
      const lag = call.indexLagMs ?? options.indexLag?.({ id, at: call.now }) ?? 0
      index.changed(id, after, call.now + lag, call.now)
      options.onEffect?.({ ...effect, id, at: call.now, tag: call.tag ?? null })
    },
  }
}

function iso(now: number): string {
  return new Date(now).toISOString()
}

function updatedAt(now: number, flags: PracticeFlags): string {
  return flags.wholeSeconds ? iso(Math.floor(now / 1000) * 1000).replace('.000Z', 'Z') : iso(now)
}
