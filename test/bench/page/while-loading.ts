import { openBook, searchedList } from './app-book.ts'
import { sleep, typeInSearch } from './dom.ts'
import { WORDS } from './searches.ts'

/** As fast as people type. */
const BETWEEN_KEYS_MS = 80

/** Search while customers are still coming; times in ms. */
export interface WhileLoading {
  /** Customers in the book when it began and when it ended. */
  readonly from: number
  readonly to: number
  readonly stillLoading: boolean
  /** From the key to the frame that shows the answer to it. */
  readonly rows: number[]
  /** The longest time without a frame in each second: how long the page was deaf. */
  readonly deaf: number[]
}

/** Waits until so many customers are in the book, then types letter by letter; the newest text alone counts. */
export async function searchFrom(customers: number): Promise<WhileLoading> {
  await until(({ total }) => total >= customers)
  const from = await until(() => true)
  const frames = watchFrames()
  const rows: number[] = []
  for (const text of WORDS.flatMap((word) => [...word].map((_, at) => word.slice(0, at + 1)))) {
    const typed = performance.now()
    typeInSearch(text)
    await searchedList().answered()
    await nextFrame()
    rows.push(performance.now() - typed)
    await sleep(Math.max(0, BETWEEN_KEYS_MS - (performance.now() - typed)))
  }
  typeInSearch('')
  const { total, pull } = await until(() => true)
  return { from: from.total, to: total, stillLoading: pull.kind === 'loading', rows, deaf: frames() }
}

type Summary = Parameters<Parameters<ReturnType<typeof openBook>['watchSummary']>[0]>[0]
/** The first summary of which that is so. */
function until(isSo: (summary: Summary) => boolean): Promise<Summary> {
  return new Promise((resolve) => {
    const stop = openBook().watchSummary((summary) => {
      if (!isSo(summary)) return
      queueMicrotask(() => stop())
      resolve(summary)
    })
  })
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))

/** Follows the frames; the returned function ends it and tells the longest gap of each second. */
function watchFrames(): () => number[] {
  const longest: number[] = []
  const began = performance.now()
  let last = began
  let goesOn = true
  const look = () => {
    const now = performance.now()
    const second = Math.floor((now - began) / 1_000)
    longest[second] = Math.max(longest[second] ?? 0, now - last)
    last = now
    if (goesOn) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  return () => {
    goesOn = false
    return longest.filter((gap) => gap !== undefined)
  }
}
