import { compareWithList } from '#shared/directory/sweep.ts'
import { likeNobody, newCustomers } from '#shared/directory/vouch.ts'
import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { createDirectoryPull } from '#main/directory/pull.ts'
import { fetchLoading, fetchReappeared } from '#renderer/db/ask-by-id.ts'
import { delta } from '#renderer/db/delta.ts'
import { firstLoad } from '#renderer/db/first-load.ts'
import type { PullContext } from '#renderer/db/pull-context.ts'
import { createSweep, type Swept } from '#renderer/db/sweep.ts'
import type { SimMirror } from './sim-mirror.ts'
import type { SimPc } from './sim-pc.ts'

const NO_LOG = { info() {}, warn() {}, error() {} }

/**
 * One complete pull of that PC: rows to fetch again, the product's first load or delta, and with `sweep` every step of a sweep, over rows in
 * memory. It ends early where the line, the process or the mirror does; what is in is in.
 */
export async function pullOnce(pc: SimPc, sweep: boolean): Promise<void> {
  const { mirror, life, world } = pc
  const isStopped = () => life.dead || pc.mirror !== mirror
  const context = contextOf(pc, mirror, isStopped)
  const reappeared = new Set<string>()
  const note = (squareIds: readonly string[]) => squareIds.forEach((id) => reappeared.add(id))
  const loading = await fetchLoading(context, async (atMost) => loadingIds(mirror).slice(0, atMost))
  if (isStopped() || loading.kind === 'failed') return
  const state = await context.readState()
  const outcome = isLoaded(state)
    ? await delta(context, state, note)
    : await firstLoad(context, state, async () => mirror.rows.rows.size === 0)
  if (isStopped() || outcome.kind === 'failed') return
  if (reappeared.size > 0) world.count('asked whether they are back')
  await fetchReappeared(context, reappeared)
  await vouch(pc, mirror, isStopped)
  if (!sweep) return
  const records = {
    compare: (began: string) =>
      compareWithList([[...mirror.rows.rows.values()]], new Set([...mirror.listed.values()].flat()), began),
    forget: async () => mirror.listed.clear(),
  }
  const { step } = createSweep(context, records, note)
  do {
    const swept = await context.readState()
    if (isStopped() || !isLoaded(swept)) return
    if ((await step(swept)).kind === 'failed' || isStopped()) return
  } while (mirror.pull?.sweep)
  world.count('sweep')
  pc.sweeps++
  await fetchReappeared(context, reappeared)
}

/** As the window does it after a complete pull (S9); where Square's search finds nobody, nobody is vouched for either. */
async function vouch(pc: SimPc, mirror: SimMirror, isStopped: () => boolean): Promise<void> {
  const { world } = pc
  const since = mirror.pull?.completeSince
  const wanted = newCustomers(mirror.state, 'US', world.bulkFrom)
  if (!world.duplicatesFound || !since || !wanted || isStopped()) return
  const opIds = await likeNobody(wanted, [[...mirror.rows.rows.values()]], 'US')
  if (isStopped() || opIds.length === 0) return
  world.count('vouched for')
  pc.engine.vouch(new Date(Date.parse(since) - LAG_WAIT_MS).toISOString(), opIds)
}

function loadingIds({ rows }: SimMirror): string[] {
  return [...rows.rows.values()].flatMap(({ status, squareId, deleted }) =>
    status === 'loading' && squareId !== null && !deleted ? [squareId] : [],
  )
}

function contextOf(pc: SimPc, mirror: SimMirror, isStopped: () => boolean): PullContext {
  const { life, world } = pc
  const ask = createDirectoryPull({
    gateway: (urgency) => pc.engine.reader(urgency),
    onFirstLoad: (left) => pc.engine.loading(left),
    onSeen: (remotes, missing) => pc.engine.seen(remotes, missing),
    outbox: () => ({
      state: () => pc.outbox.state(),
      mirrorReported: () => pc.outbox.mirrorReported(),
      write(records) {
        world.count('merge seen by a sweep')
        return pc.outbox.write(records)
      },
    }),
    log: NO_LOG,
  })
  return {
    async ask(request) {
      const result = await ask(request)
      await world.scheduler.after(world.streams.net() * 500, life)
      return result
    },
    async apply(page) {
      await pc.project()
      if (!isStopped()) mirror.applyPulled(page)
    },
    readState: async () => mirror.pull,
    isStopped,
    report() {},
    wallIso: () => '',
  }
}

function isLoaded(state: SimMirror['pull']): state is Swept {
  return state !== null && state.completeSince !== null
}
