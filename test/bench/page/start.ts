import { shownList, typeInSearch, whenSeen } from './dom.ts'

/** Moments of a start as the page knows them, ms since the epoch. */
export interface PageStart {
  readonly navigated: number
  readonly firstPaint: number
  readonly rows: number
  readonly searched: number
  readonly total: number
}

/** Waits for rows, then for the answer to a search; what is on screen then is the usable list. */
export async function watchStart(): Promise<PageStart> {
  const epoch = performance.timeOrigin
  const rows = await whenSeen(() => shownList() !== null)
  const total = shownList()?.total ?? 0
  typeInSearch('nora')
  const searched = await whenSeen(() => {
    const shown = shownList()
    return shown !== null && shown.total < total && shown.title.startsWith('Nora')
  })
  return {
    navigated: epoch,
    firstPaint: epoch + (await firstContentfulPaint()),
    rows: epoch + rows,
    searched: epoch + searched,
    total,
  }
}

/** Waits for the first contentful paint; ms since the epoch. */
export async function watchPaint(): Promise<number> {
  return performance.timeOrigin + (await firstContentfulPaint())
}

function firstContentfulPaint(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const paint = list.getEntriesByName('first-contentful-paint')[0]
      if (!paint) return
      observer.disconnect()
      resolve(paint.startTime)
    })
    observer.observe({ type: 'paint', buffered: true })
  })
}
