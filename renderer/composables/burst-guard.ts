/** Keys closer together than this come from a scanner, not from a person. */
export const BURST_MS = 30

export interface BurstGuardOptions {
  /** Runs `act` after `ms`; the answer takes it back. */
  readonly later: (act: () => void, ms: number) => () => void
}

/** `later` of a window. */
export function afterMs(act: () => void, ms: number): () => void {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

/**
 * Tells a person's key press from a barcode scanner that types into whatever has the focus. A key counts only when no
 * other key comes within 30 ms before or after it.
 */
export function createBurstGuard({ later }: BurstGuardOptions) {
  let lastAt = Number.NEGATIVE_INFINITY
  let pending: { readonly at: number; readonly act: () => void; readonly takeBack: () => void } | null = null

  /**
   * To be called for every key with its time; true when it belongs to a burst so far. Takes back a press that it follows at
   * once. One that it only overtook, because the window was busy, was a person's and acts first.
   */
  function key(at: number): boolean {
    const press = pending
    pending = null
    press?.takeBack()
    if (press && at - press.at >= BURST_MS) press.act()
    const inBurst = at - lastAt < BURST_MS
    lastAt = at
    return inBurst
  }
  /** A press that acts unless another key follows at once. */
  function press(at: number, act: () => void): void {
    if (key(at)) return
    const takeBack = later(() => {
      pending = null
      act()
    }, BURST_MS)
    pending = { at, act, takeBack }
  }
  return { key, press }
}
export type BurstGuard = ReturnType<typeof createBurstGuard>
