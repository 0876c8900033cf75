import { launchApp, newProfile } from '../e2e/support/app.ts'
import { percentile, type Figure } from './figures.ts'
import { measureFirstLoad } from './first-load.ts'
import type { WhileLoading } from './page/while-loading.ts'
import { enterPage, inPage, startBigSquare } from './seller.ts'

/** Where in the load people search: as shares of all customers. The last is when it is over. */
const MARKS = [0.25, 0.6, 0.9, 1]
/** From the key to the rows: what is answered within this feels immediate, also while customers come. */
const ROWS_P95_MS = 100
/** Requests a second where the pace is lifted: more than the app ever makes. */
const LIFTED = 1_000
/** Each takes longer than the load itself; ten thousand customers have more of them (`first-load.ts`). */
const ROUNDS = 2

/**
 * The first load of a large seller on the built app, with somebody who searches meanwhile. The pace of Square's turnstile
 * is lifted unless `paced`, which makes customers come some ten times as fast as Square would give them: harder on whoever
 * searches, and over in two minutes instead of eleven.
 */
export async function measureBigFirstLoad(options: {
  readonly customers: number
  readonly paced: boolean
  readonly pageScript: string
  readonly say: (what: string) => void
}): Promise<Figure[]> {
  const { customers, paced, say } = options
  say(`a Square with ${customers} customers`)
  const square = await startBigSquare(customers)
  try {
    const { page, close } = await launchApp({
      profile: newProfile(),
      squareUrl: square.url,
      env: paced ? {} : { COUNTERFOIL_SANDBOX_PACE: String(LIFTED) },
    })
    await enterPage(page, options.pageScript)
    say(`the first load of ${customers}, and search meanwhile`)
    const searches: WhileLoading[] = []
    const load = await measureFirstLoad(page, {
      rounds: ROUNDS,
      async meanwhile() {
        for (const mark of MARKS) {
          const search = await inPage<WhileLoading>(page, 'searchFrom', Math.floor(mark * customers))
          searches.push(search)
          say(`search from ${search.from} to ${search.to}`)
        }
      },
    })
    await close()
    return [...load, ...searches.flatMap(figuresOf)]
  } finally {
    await square.close()
  }
}

function figuresOf({ from, to, stillLoading, rows, deaf }: WhileLoading): Figure[] {
  const when = stillLoading ? 'while they come' : 'all there'
  const figure = (name: string, value: number): Figure => ({
    benchmark: `search among ${from} to ${to}, ${when}`,
    name,
    value,
    unit: 'ms',
  })
  return [
    figure('key to rows p50', percentile(rows, 0.5)),
    { ...figure('key to rows p95', percentile(rows, 0.95)), budget: { atMost: ROWS_P95_MS } },
    figure('key to rows, slowest', Math.max(...rows)),
    figure('longest time without a frame', Math.max(...deaf)),
  ]
}
