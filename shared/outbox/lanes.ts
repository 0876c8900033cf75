import { laneOf, localOf, resolveSquareId, type Lane } from './identity.ts'
import type { Entry, LogState } from './log-state.ts'
import type { RecordBody } from './record.ts'

/**
 * Open operations by customer. Lanes are computed, never stored (S5): this is only a memory of what was computed, kept
 * beside the state and brought up to date with each record, so that thousands of open operations are not gone through
 * for each row.
 */
interface LaneIndex {
  readonly lanes: Map<Lane, Entry[]>
  /** Place in the order of promises. */
  readonly order: Map<string, number>
  last: number
}

const indexes = new WeakMap<LogState, LaneIndex>()

/** Open operations of a customer in the order they were promised. */
export function openEntries(state: LogState, lane: Lane): Entry[] {
  return [...(indexOf(state).lanes.get(lane) ?? [])]
}

function indexOf(state: LogState): LaneIndex {
  const known = indexes.get(state)
  // Whoever fills a state by hand, as when a mirror is read from the disk, does not tell.
  if (known && known.order.size === state.entries.size) return known
  const index: LaneIndex = { lanes: new Map(), order: new Map(), last: 0 }
  for (const entry of state.entries.values()) add(state, index, entry)
  indexes.set(state, index)
  return index
}

/** Lets a record take effect by `apply`, and keeps the lanes of the state as they are then. */
export function keepingLanes(state: LogState, record: RecordBody, apply: () => void): void {
  const index = indexes.get(state)
  const touched = index ? lanesTouched(state, record) : 'none'
  apply()
  if (!index || touched === 'none') return
  if (touched === 'all') {
    indexes.delete(state)
    return
  }
  const moved = [...touched].flatMap((lane) => {
    const entries = index.lanes.get(lane) ?? []
    index.lanes.delete(lane)
    return entries
  })
  for (const entry of moved) {
    if (state.entries.get(entry.op.id) === entry) add(state, index, entry)
    else index.order.delete(entry.op.id)
  }
  if (record.kind !== 'queued') return
  const entry = state.entries.get(record.op.id)
  if (entry && !index.order.has(record.op.id)) add(state, index, entry)
}

/** Lanes whose operations may be fewer, or in another lane, once the record has taken effect. */
function lanesTouched(state: LogState, record: RecordBody): ReadonlySet<Lane> | 'none' | 'all' {
  const lanesOf = (opIds: readonly string[]) =>
    opIds.flatMap((opId): Lane[] => {
      const op = state.entries.get(opId)?.op
      return op ? [laneOf(state, op.localId)] : []
    })
  switch (record.kind) {
    case 'queued': {
      const { op, replaces } = record
      if (op.kind === 'create' && op.recreates !== undefined) return 'all'
      return new Set<Lane>([
        laneOf(state, op.localId),
        `local:${localOf(state, op.localId)}`,
        ...lanesOf(replaces),
      ])
    }
    case 'withdrawn':
      return new Set(lanesOf(record.opIds))
    case 'answered':
      return new Set(lanesOf([record.opId]))
    case 'alias':
      return new Set<Lane>([
        `square:${resolveSquareId(state, record.fromSquareId)}`,
        `square:${record.fromSquareId}`,
      ])
    case 'snapshot':
      return 'all'
    default:
      return 'none'
  }
}

function add(state: LogState, index: LaneIndex, entry: Entry): void {
  const { lanes, order } = index
  const { id, localId } = entry.op
  if (!order.has(id)) order.set(id, ++index.last)
  const lane = laneOf(state, localId)
  const place = (other: Entry) => order.get(other.op.id)!
  const before = lanes.get(lane)
  if (!before) lanes.set(lane, [entry])
  else {
    const joins = place(before.at(-1)!) > place(entry)
    before.push(entry)
    if (joins) before.sort((a, b) => place(a) - place(b))
  }
}
