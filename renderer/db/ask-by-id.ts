import { COMPLETE, type Outcome, type PullContext } from './pull-context.ts'

/** One bulk request to Square. */
export const IDS_A_REQUEST = 100

/** Rows of which only the id is known: the directory was rebuilt, and staff may be looking at them. */
export async function fetchLoading(
  context: PullContext,
  loadingIds: (atMost: number) => Promise<readonly string[]>,
): Promise<Outcome> {
  const asked = new Set<string>()
  for (;;) {
    const waiting = await loadingIds(IDS_A_REQUEST + asked.size)
    const squareIds = waiting.filter((id) => !asked.has(id)).slice(0, IDS_A_REQUEST)
    if (squareIds.length === 0 || context.isStopped()) return COMPLETE
    const page = await context.ask({ kind: 'ids', squareIds })
    if (page.kind === 'failed') return page
    const { remotes, missing, squareTime } = page
    await context.apply({ remotes, missing, squareTime, how: 'asked-for' })
    for (const id of squareIds) asked.add(id)
  }
}

/**
 * Customers that a list shows although they are known to be deleted or merged away: the list may lag behind, or Square has
 * brought them back. An answer by id decides (S23). Those answered are taken out of the set; who is missing in the answer
 * (S22) is asked for with the next pull, for no list of changes may have them by then.
 */
export async function fetchReappeared(context: PullContext, reappeared: Set<string>): Promise<Outcome> {
  const all = [...reappeared]
  for (let at = 0; at < all.length && !context.isStopped(); at += IDS_A_REQUEST) {
    const squareIds = all.slice(at, at + IDS_A_REQUEST)
    const page = await context.ask({ kind: 'ids', squareIds })
    if (page.kind === 'failed') return page
    await context.apply({ remotes: page.remotes, how: 'recovered' })
    const { remotes, missing } = page
    const answered = new Set([...remotes.map(({ id }) => id), ...missing])
    // Who was merged is answered under another id: so many answers are all there are.
    const isWhole = remotes.length + missing.length >= squareIds.length
    for (const id of squareIds) if (isWhole || answered.has(id)) reappeared.delete(id)
  }
  return COMPLETE
}
