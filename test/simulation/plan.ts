import type { PracticeFlags } from '#practice/options.ts'
import { BULK_FROM } from '#shared/outbox/queue.ts'
import { KEY_SAFE_MS } from '#shared/sync/limits.ts'
import { pick, randomStream, randomStreams } from './random.ts'
import { NO_FAULTS, type NetFaults } from './sim-square.ts'

/**
 * All that is decided before a seed begins, as data: what a shop is like and what happens in it when. Each event has
 * chance of its own (`draw`), so that one event less leaves the others what they were. Shrinking takes things out of it.
 */
export interface Plan {
  readonly seed: number
  /** One PC and nobody else at Square: every conflict question is needless. */
  readonly solo: boolean
  readonly knobs: Knobs
  readonly faults: Partial<NetFaults>
  readonly pcs: readonly PcPlan[]
  /** At least so long everything may go wrong, and until all that staff do is done. */
  readonly chaosMs: number
  readonly events: readonly PlanEvent[]
}
export interface Knobs {
  readonly maxIndexLagMs: number
  readonly duplicatesFound: boolean
  /** Null: Square never forgets a key. */
  readonly keyWindowMs: number | null
  readonly versionStep: number
  readonly replay: 'original' | 'current'
  readonly restoredId: 'new' | 'same'
  readonly projectLagMs: number
  readonly bulkFrom: number
  readonly pullEveryMs: number
  readonly pageSize: number
  readonly killedWhileSaving: number
  readonly mirrorFaults: {
    readonly wipe: number
    readonly rollback: number
    readonly loseTail: number
    /** A record in the middle of the log; absent in what failed before that could be. */
    readonly loseOne?: number
  }
  /** People also write addresses, birthdays and e-mails; absent in what failed before they did. */
  readonly parts?: boolean
  /** How long a window may take until it asks the log for the first time; absent in what failed before it could. */
  readonly opensLateMs?: number
  /** Writing to the id of a customer that was merged reaches the one it became; absent in what failed before it could. */
  readonly mergedWrites?: PracticeFlags['mergedWrites']
}
export interface PcPlan {
  readonly compactAfter: number
  /** Probability that a write finds the disk full. */
  readonly diskFull: number
}
/** `pc` counts the PCs of the seed, round and round. */
export type PlanEvent = {
  /** Its number in the seed: part of the ids it gives out. */
  readonly no: number
  readonly at: number
  readonly draw: number
} & (
  | { readonly kind: 'staff'; readonly pc: number }
  | { readonly kind: 'colleague' }
  | { readonly kind: 'offline'; readonly pc: number; readonly lastsMs: number }
  | { readonly kind: 'crash'; readonly pc: number; readonly downMs: number | null }
  | { readonly kind: 'sign-in'; readonly pc: number }
  | { readonly kind: 'second-start'; readonly pc: number }
  | { readonly kind: 'copy' }
  | { readonly kind: 'take-in'; readonly pc: number }
)

/** What a seed has at the least. Staff do more than they edit: they answer, take back, and are refused. */
export const STAFF_EDITS = 40
const STAFF_ACTS = STAFF_EDITS + 18
export const CHAOS_MS = 15 * 60_000

/** The plan of a seed: the same seed, the same plan. */
export function planOf(seed: number): Plan {
  const draw = randomStreams(seed).setup
  const upTo = (most: number) => draw() * most
  const solo = draw() < 0.2
  const quiet = draw() < 0.15
  const knobs: Knobs = {
    maxIndexLagMs: pick(draw, [0, 20_000, 300_000]),
    // A match that staff call the same person brings two histories together: questions are then not needless.
    duplicatesFound: !solo && draw() < 0.25,
    keyWindowMs: pick(draw, [KEY_SAFE_MS * 1.05 + 150_000, KEY_SAFE_MS * 3, null]),
    versionStep: pick(draw, [1, 1, 1, 3]),
    replay: pick(draw, ['original', 'current']),
    restoredId: pick(draw, ['new', 'new', 'same']),
    projectLagMs: pick(draw, [100, 1000, 8000]),
    bulkFrom: pick(draw, [2, 2, 3, BULK_FROM]),
    pullEveryMs: pick(draw, [5000, 30_000, 90_000]),
    pageSize: pick(draw, [100, 100, 8]),
    killedWhileSaving: quiet ? 0 : 0.03,
    mirrorFaults: solo
      ? { wipe: 0, rollback: 0, loseTail: 0, loseOne: 0 }
      : { wipe: 0.08, rollback: 0.12, loseTail: 0.08, loseOne: 0.08 },
    parts: seed % 3 === 0,
    opensLateMs: seed % 4 === 1 ? 20_000 : 0,
    mergedWrites: seed % 5 === 2 ? 'followed' : 'not-found',
  }
  const pcs = Array.from({ length: solo ? 1 : 1 + Math.floor(draw() * 3) }, () => ({
    compactAfter: 5 + Math.floor(upTo(60)),
    diskFull: upTo(0.01),
  }))
  const events: PlanEvent[] = []
  const add = (event: DistributiveOmit<PlanEvent, 'draw' | 'no'>) =>
    events.push({ no: events.length, ...event, draw: Math.floor(draw() * 2 ** 32) })
  const anyTime = () => draw() * CHAOS_MS

  let at = 0
  for (let i = STAFF_ACTS + Math.floor(upTo(16)); i > 0; i--) {
    // Bursts: several actions close together, then a pause.
    at = draw() < 0.5 ? Math.min(CHAOS_MS, at + draw() * 3000) : anyTime()
    add({ kind: 'staff', at, pc: Math.floor(draw() * 6) })
  }
  if (!solo) for (let i = 4 + upTo(30); i > 0; i--) add({ kind: 'colleague', at: anyTime() })
  pcs.forEach((_, pc) => {
    for (let i = 0; i < 1 + draw() * 3; i++)
      add({ kind: 'offline', at: anyTime(), pc, lastsMs: upTo(draw() < 0.3 ? 15 * 60_000 : 60_000) })
    for (let i = 0; i < draw() * 5; i++)
      add({ kind: 'crash', at: anyTime(), pc, downMs: draw() < 0.15 ? upTo(15 * 60_000) : null })
    for (let t = 5000; t < CHAOS_MS; t += 15_000) if (draw() < 0.5) add({ kind: 'sign-in', at: t, pc })
  })
  if (draw() < 0.06)
    for (let i = 0; i < 4; i++) add({ kind: 'second-start', at: anyTime(), pc: Math.floor(draw() * 6) })
  if (!solo && draw() < 0.07) add({ kind: 'copy', at: anyTime() })
  if (!solo && draw() < 0.1)
    for (let i = 0; i < 2; i++) add({ kind: 'take-in', at: anyTime(), pc: Math.floor(draw() * 6) })
  return {
    seed,
    solo,
    knobs,
    faults: quiet ? { lost: 0.5 } : drawFaults(draw),
    pcs,
    chaosMs: CHAOS_MS,
    events,
  }
}

/** Of everything something; and in each seed some of it not at all, so that rare pairs are alone together. */
function drawFaults(draw: () => number): Partial<NetFaults> {
  const most: Partial<NetFaults> = {
    dropKnown: 0.15,
    drop: 0.12,
    serverError: 0.08,
    unreadable: 0.05,
    rateLimit: 0.08,
    tokenDies: 0.01,
    forbidden: 0.01,
    late: 0.06,
    twice: 0.06,
    lost: 0.25,
    reused: 0.1,
    partial: 0.2,
    itemMissing: 0.1,
    cursorDies: 0.1,
    crash: 0.02,
  }
  const faults: Record<string, number> = {}
  for (const [name, probability] of Object.entries(most)) {
    const off = draw() < (name === 'crash' ? 0.5 : 0.15)
    const drawn = draw() * probability
    faults[name] = off ? NO_FAULTS[name as keyof NetFaults] : drawn
  }
  return faults
}

/** The chance of one event. */
export function chanceOf(event: PlanEvent): () => number {
  return randomStream(event.draw)
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
