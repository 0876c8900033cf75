import { bookOfThePage } from './app-book.ts'
import { sleep } from './dom.ts'

/** ms since the button was pressed. */
export interface FirstLoad {
  readonly opened: number
  readonly firstRows: number
  readonly complete: number
  readonly total: number
}

let armed: Promise<FirstLoad> | null = null

/** From now on the next click is timed until every customer of Square is in the book. */
export function armFirstLoad(): void {
  armed = new Promise((resolve) => {
    addEventListener('click', () => void watch(performance.now()).then(resolve), {
      capture: true,
      once: true,
    })
  })
}

/** The load that was armed. */
export function armedFirstLoad(): Promise<FirstLoad> {
  if (!armed) throw new Error('nothing is armed')
  return armed
}

async function watch(clicked: number): Promise<FirstLoad> {
  let book = bookOfThePage()
  for (; !book; book = bookOfThePage()) await sleep(2)
  const found = book
  const opened = performance.now() - clicked
  let firstRows: number | null = null
  return new Promise((resolve) => {
    const stop = found.watchSummary(({ total, pull }) => {
      if (total > 0) firstRows ??= performance.now() - clicked
      if (pull.kind !== 'current') return
      stop()
      resolve({ opened, firstRows: firstRows ?? 0, complete: performance.now() - clicked, total })
    })
  })
}
