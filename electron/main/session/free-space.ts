import type { Clock } from '#shared/ports.ts'

/** So long a measurement answers by itself; the floor of the outbox is far above what a PC fills in that time. */
const TRUSTED_MS = 10_000
/** A measurement older than this still answers, and is renewed behind the answer. */
const RENEWED_AFTER_MS = 1_000

export interface FreeSpaceOptions {
  readonly measure: () => Promise<number | null>
  readonly clock: Pick<Clock, 'monotonic'>
  /** Space below this is measured at every question: whoever has made room is believed at once. */
  readonly plenty: number
}

/**
 * Free bytes, as measured at most ten seconds ago while there was plenty: a save does not wait for the disk to count.
 * Null where the system does not say.
 */
export function rememberedFreeSpace({
  measure,
  clock,
  plenty,
}: FreeSpaceOptions): () => Promise<number | null> {
  let known: { readonly bytes: number; readonly at: number } | null = null
  let measuring: Promise<number | null> | null = null

  function renew(): Promise<number | null> {
    const at = clock.monotonic()
    measuring ??= measure()
      .then((bytes) => {
        known = bytes === null || bytes < plenty ? null : { bytes, at }
        return bytes
      })
      .finally(() => (measuring = null))
    return measuring
  }

  return async () => {
    const age = known ? clock.monotonic() - known.at : Infinity
    if (!known || age > TRUSTED_MS) return renew()
    if (age > RENEWED_AFTER_MS) renew().catch(() => (known = null))
    return known.bytes
  }
}
