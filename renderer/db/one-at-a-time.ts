/** Runs what it is given one after the other, in the order it was given; a failure does not stop the next. */
export type OneAtATime = <T>(run: () => Promise<T>) => Promise<T>

/** A queue of its own. */
export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const next = last.then(run, run)
    last = next.catch(() => {})
    return next
  }
}
