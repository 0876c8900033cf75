import type { NewId } from '#shared/ports.ts'
import { laneOfRow, openEntries, targetOf } from '#shared/outbox/fold-log.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import { entrySnapshot, fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import type { Directory } from './database.ts'
import { isSameMark, markIn, type MirrorMark, type Step } from './mirror-mark.ts'
import { isStoredEntry, isStoredLogValue, isStoredMeta } from './parse.ts'
import { createRowsInHand, type RowsInHand } from './rows-in-hand.ts'
import { setAside } from './set-aside.ts'
import {
  LOG_MAPS,
  type LogMapName,
  type StoredEntry,
  type StoredLogValue,
  type StoredMeta,
} from './stored.ts'
import { TrackedMap } from './tracked-map.ts'

/** The log as this PC's directory has it: what it says (in memory, kept on disk piece by piece) and up to where. */
export interface LogMirror extends Mutable<MirrorMark> {
  readonly state: TrackedState
  /** Rows that were collapsed: from local id to local id. */
  readonly redirects: TrackedMap<string, string>
  /** Numbers given to entries and closed ids so that they come back in order. */
  lastOrder: number
  readonly orderOf: Map<string, number>
  readonly rowsInHand: RowsInHand
  /** Something of it could not be read: the log is asked for all of it again, and given what is left where it lacks that. */
  isPartial: boolean
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type TrackedState = { -readonly [K in keyof LogState]: LogState[K] } & {
  readonly [K in LogMapName | 'entries']: LogState[K] extends Map<infer A, infer B> ? TrackedMap<A, B> : never
}

/**
 * Reads the mirror. What cannot be read is set aside (S15), and the mirror is in part from then on, until it has come again
 * from the log. How far it was stays known: the log may lack what is left of it here (S20).
 */
export async function readMirror(db: Directory): Promise<LogMirror> {
  return db.transaction('rw', [db.meta, db.outbox, db.logState, db.redirects, db.setAside], async () => {
    const [stored, entries, values, redirects] = await Promise.all([
      db.meta.get('position') as Promise<unknown>,
      db.outbox.toArray() as Promise<unknown[]>,
      db.logState.toArray() as Promise<unknown[]>,
      db.redirects.toArray(),
    ])
    const mirror = emptyMirror()
    const tookOut = await takeOut(db, stored, entries, values)
    if (isStoredMeta(stored)) {
      Object.assign(mirror, markIn(stored))
      mirror.state.showEveryConflict = stored.showEveryConflict
      mirror.isPartial = tookOut || stored.partial === true
      if (tookOut) await db.meta.put(storedPosition(mirror))
    }
    fillEntries(mirror, entries.filter(isStoredEntry))
    fillMaps(mirror, values.filter(isStoredLogValue))
    for (const { from, to } of redirects) mirror.redirects.set(from, to)
    settle(mirror)
    return mirror
  })
}

/** Sets aside what cannot be read. False: there was nothing of that kind. */
async function takeOut(
  db: Directory,
  stored: unknown,
  entries: readonly unknown[],
  values: readonly unknown[],
): Promise<boolean> {
  const positions = stored === undefined || isStoredMeta(stored) ? [] : [stored]
  const operations = entries.filter((entry) => !isStoredEntry(entry))
  const parts = values.filter((value) => !isStoredLogValue(value))
  if (positions.length + operations.length + parts.length === 0) return false
  await setAside(db, 'meta', positions)
  await setAside(db, 'outbox', operations)
  await setAside(db, 'logState', parts)
  // By their keys, which are as they are whatever became of the rest.
  await db.outbox.bulkDelete(operations.map((entry) => (entry as StoredEntry).opId))
  await db.logState.bulkDelete(
    parts.map((part) => [(part as StoredLogValue).map, (part as StoredLogValue).id]),
  )
  if (positions.length > 0) await db.meta.delete('position')
  return true
}

/** Writes what changed since it was read or written. Inside the transaction of the caller (S18). */
export async function writeMirror(db: Directory, mirror: LogMirror): Promise<void> {
  forgetUnneededRemotes(mirror.state)
  await Promise.all([
    writeEntries(db, mirror),
    ...LOG_MAPS.map((map) => writeMap(db, mirror, map)),
    writeRedirects(db, mirror),
    db.meta.put(storedPosition(mirror)),
  ])
  settle(mirror)
}

/** Tells other windows that rows were written without the log. Inside the transaction of the caller (S18). */
export async function writePageMark(db: Directory, mirror: LogMirror): Promise<void> {
  mirror.pages += 1
  await db.meta.put(storedPosition(mirror))
}

/**
 * Gives the rows a new stamp, to be written with them, by `writeMirror` or `writePageMark`. Whoever changes rows must:
 * what is kept beside the directory is known to be old by nothing else.
 */
export function restamp(mirror: LogMirror, newStamp: NewId): Step {
  const from = mirror.stamp
  const to = newStamp()
  mirror.stamp = to
  return { from, to }
}

/** True while nobody else has written the mirror, or rows, since this one was read or written. */
export async function isAsOnDisk(db: Directory, mark: MirrorMark): Promise<boolean> {
  return isSameMark(markIn(await db.meta.get('position')), mark)
}

function storedPosition({ position, pages, stamp, state, isPartial }: LogMirror): StoredMeta {
  const { showEveryConflict } = state
  return {
    key: 'position',
    ...position,
    pages,
    ...(stamp === null ? {} : { stamp }),
    showEveryConflict,
    ...(isPartial ? { partial: true } : {}),
  }
}

/**
 * Open operations of the customer a row shows, oldest first. By the row, not by its local id alone: where two rows became
 * one, the operations may be the other one's.
 */
export function openEntriesOf(
  mirror: { readonly state: LogState },
  row: { readonly localId: string; readonly squareId: string | null },
): Entry[] {
  return openEntries(mirror.state, laneOfRow(mirror.state, row))
}

function emptyMirror(): LogMirror {
  return {
    ...markIn(undefined),
    state: {
      entries: new TrackedMap(),
      closed: new TrackedMap(),
      aliases: new TrackedMap(),
      bindings: new TrackedMap(),
      moved: new TrackedMap(),
      made: new TrackedMap(),
      remotes: new TrackedMap(),
      showEveryConflict: false,
    },
    redirects: new TrackedMap(),
    lastOrder: 0,
    orderOf: new Map(),
    rowsInHand: createRowsInHand(),
    isPartial: false,
  }
}

function fillEntries(mirror: LogMirror, stored: readonly StoredEntry[]): void {
  const inOrder = stored.toSorted((a, b) => a.order - b.order)
  const snapshot = { ...toSnapshot(emptyMirror().state), entries: inOrder.map(({ entry }) => entry) }
  for (const [opId, entry] of fromSnapshot(snapshot).entries) mirror.state.entries.set(opId, entry)
  for (const { opId, order } of inOrder) mirror.orderOf.set(opId, order)
  mirror.lastOrder = Math.max(mirror.lastOrder, inOrder.at(-1)?.order ?? 0)
}

function fillMaps(mirror: LogMirror, values: readonly StoredLogValue[]): void {
  for (const { map, id, value, order } of values.toSorted((a, b) => a.order - b.order)) {
    mirror.lastOrder = Math.max(mirror.lastOrder, order)
    const held: TrackedMap<string, unknown> = mirror.state[map]
    held.set(id, value)
  }
}

async function writeEntries(db: Directory, mirror: LogMirror): Promise<void> {
  const { entries } = mirror.state
  if (entries.wasCleared()) {
    await db.outbox.clear()
    mirror.orderOf.clear()
  }
  const touched = entries.touched()
  if (touched.size === 0) return
  const stored = present(entries, touched).map(([opId, entry]): StoredEntry => {
    const order = mirror.orderOf.get(opId) ?? ++mirror.lastOrder
    mirror.orderOf.set(opId, order)
    return { opId, order, entry: entrySnapshot(entry) }
  })
  const closed = [...touched].filter((opId) => !entries.has(opId))
  for (const opId of closed) mirror.orderOf.delete(opId)
  if (stored.length > 0) await db.outbox.bulkPut(stored)
  if (closed.length > 0) await db.outbox.bulkDelete(closed)
}

async function writeMap(db: Directory, mirror: LogMirror, map: LogMapName): Promise<void> {
  const held: TrackedMap<string, unknown> = mirror.state[map]
  if (held.wasCleared()) await db.logState.where('[map+id]').between([map, ''], [map, '\uffff']).delete()
  const touched = held.touched()
  if (touched.size === 0) return
  const kept = present(held, touched).map(([id, value]) => ({ map, id, value, order: ++mirror.lastOrder }))
  const gone = [...touched].filter((id) => !held.has(id)).map((id): [string, string] => [map, id])
  if (kept.length > 0) await db.logState.bulkPut(kept)
  if (gone.length > 0) await db.logState.bulkDelete(gone)
}

/** Writes which rows were collapsed into which. Inside the transaction of the caller (S18). */
export async function writeRedirects(db: Directory, { redirects }: LogMirror): Promise<void> {
  if (redirects.wasCleared()) await db.redirects.clear()
  const touched = redirects.touched()
  if (touched.size === 0) return
  await db.redirects.bulkPut(present(redirects, touched).map(([from, to]) => ({ from, to })))
  await db.redirects.bulkDelete([...touched].filter((from) => !redirects.has(from)))
}

/** Contents of customers without open operations: the rows have them. */
function forgetUnneededRemotes(state: TrackedState): void {
  if (state.remotes.size === 0) return
  const targets = new Set([...state.entries.values()].map(({ op }) => targetOf(state, op.localId)))
  for (const id of [...state.remotes.keys()]) if (!targets.has(id)) state.remotes.delete(id)
}

function present<K, V>(map: ReadonlyMap<K, V>, keys: ReadonlySet<K>): [K, V][] {
  return [...keys].flatMap((key): [K, V][] => (map.has(key) ? [[key, map.get(key) as V]] : []))
}

function settle(mirror: LogMirror): void {
  mirror.state.entries.settled()
  for (const map of LOG_MAPS) mirror.state[map].settled()
  mirror.redirects.settled()
}
