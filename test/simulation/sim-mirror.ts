import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Batch, MirrorPosition } from '#shared/ipc/contract.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { Rows } from '#shared/directory/rows.ts'
import { applyPage } from '#shared/directory/apply-page.ts'
import { beginAnew } from '#renderer/db/begin-anew.ts'
import type { PulledPage } from '#renderer/db/pages-writer.ts'
import type { StoredPull } from '#renderer/db/stored-pull.ts'
import { emptyLogState, forgetLog } from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import {
  applyRecordToRows,
  applyRemoteToRows,
  dropUnaccountedRows,
} from '#shared/directory/project-record.ts'

/** Rows in maps; what the renderer keeps in IndexedDB. */
export class MapRows implements Rows {
  readonly rows = new Map<string, CustomerRow>()
  readonly bySquare = new Map<string, string>()
  readonly redirects = new Map<string, string>()

  get(localId: string) {
    return this.rows.get(localId)
  }
  bySquareId(squareId: string) {
    const localId = this.bySquare.get(squareId)
    return localId === undefined ? undefined : this.rows.get(localId)
  }
  put(row: CustomerRow) {
    const before = this.rows.get(row.localId)
    if (before?.squareId && this.bySquare.get(before.squareId) === row.localId)
      this.bySquare.delete(before.squareId)
    this.rows.set(row.localId, row)
    if (row.squareId) this.bySquare.set(row.squareId, row.localId)
  }
  delete(localId: string) {
    const row = this.rows.get(localId)
    if (row?.squareId && this.bySquare.get(row.squareId) === localId) this.bySquare.delete(row.squareId)
    this.rows.delete(localId)
  }
  redirectOf(localId: string) {
    return this.redirects.get(localId)
  }
  setRedirect(from: string, to: string) {
    if (from !== to) this.redirects.set(from, to)
  }
  clearRedirect(localId: string) {
    this.redirects.delete(localId)
  }
  localOnes() {
    return [...this.rows.values()].filter((row) => !row.squareId || row.openOps > 0)
  }
  all() {
    return [...this.rows.values()]
  }
  clone(): MapRows {
    const copy = new MapRows()
    for (const row of this.rows.values()) copy.put(row)
    for (const [from, to] of this.redirects) copy.redirects.set(from, to)
    return copy
  }
}

/** The mirror of one PC: what the renderer has projected so far. */
export class SimMirror {
  generation = 0
  lastSeq = 0
  /** How far the pull is, and what the sweep under way has listed, by page. */
  pull: StoredPull | null = null
  readonly listed = new Map<string, readonly string[]>()
  readonly state: LogState
  readonly rows: MapRows
  readonly #newId: () => string

  constructor(newId: () => string, from?: { state: LogState; rows: MapRows }) {
    this.#newId = newId
    this.state = from?.state ?? emptyLogState()
    this.rows = from?.rows ?? new MapRows()
  }

  clone(): SimMirror {
    const copy = new SimMirror(this.#newId, {
      state: fromSnapshot(toSnapshot(this.state)),
      rows: this.rows.clone(),
    })
    copy.generation = this.generation
    copy.lastSeq = this.lastSeq
    copy.pull = this.pull
    for (const [key, ids] of this.listed) copy.listed.set(key, ids)
    return copy
  }

  position(store: StoreId): MirrorPosition {
    return { store, generation: this.generation, lastSeq: this.lastSeq }
  }

  directory() {
    return { state: this.state, rows: this.rows, newId: this.#newId }
  }

  /** Applies a batch whole, as the projector does in one strict transaction. */
  apply(batch: Batch): void {
    if (batch.lostTail) return
    if (batch.reset) {
      forgetLog(this.state)
      beginAnew(this.rows, this.rows.redirects, batch.records, this.#newId)
      this.lastSeq = 0
      // What Square says is pulled again in full.
      if (this.pull) this.pull = { ...this.pull, first: null, completeSince: null, sweep: null }
    }
    this.generation = batch.generation
    for (const record of batch.records) {
      if (record.seq <= this.lastSeq) continue
      applyRecordToRows(this.directory(), record)
      this.lastSeq = record.seq
    }
    if (batch.reset) dropUnaccountedRows(this.directory())
    this.lastSeq = Math.max(this.lastSeq, batch.through)
  }

  pulled(remote: RemoteCustomer, how: 'listed' | 'asked-for'): void {
    applyRemoteToRows(this.directory(), remote, how)
  }

  /** Applies a page and the state of the pull after it, as the renderer does in one transaction. */
  applyPulled({ next, listed, ...page }: PulledPage): void {
    const applied = applyPage(this.directory(), page)
    if (listed) this.listed.set(listed.key, listed.ids)
    if (next) this.pull = next({ ...applied, wasAlone: page.nobodyAfter !== undefined })
  }
}
