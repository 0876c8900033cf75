import { computed } from 'vue'
import { assertNever } from '#shared/exhaustive.ts'
import type { BookSummary } from '../book.ts'
import { useBook } from '../stores/book.ts'
import { useStorage } from '../stores/storage.ts'

/** What may be said of what waits on this PC: the status bar and the page of what waits say no more than this (S29). */
export type WhatWaits =
  /** The book is being opened, or has not counted yet. */
  | { readonly kind: 'not-known' }
  | { readonly kind: 'not-opened' }
  /** The log has moved on and this window could not follow. */
  | { readonly kind: 'behind' }
  | {
      readonly kind: 'counted'
      readonly waiting: number
      readonly needYou: number
      /** Records of the log that cannot be read: what was in them may wait as well (S15). Null: not asked yet. */
      readonly unreadable: number | null
    }

/** The decision, from what the book told last and what main told of the log. */
export function whatWaits(book: {
  readonly phase: 'closed' | 'opening' | 'open' | 'failed'
  readonly counted: boolean
  readonly summary: BookSummary
  readonly unreadable: number | null
}): WhatWaits {
  const { phase, counted, summary, unreadable } = book
  if (phase === 'failed') return { kind: 'not-opened' }
  if (phase !== 'open' || !counted) return { kind: 'not-known' }
  if (summary.behind) return { kind: 'behind' }
  return { kind: 'counted', waiting: summary.waiting, needYou: summary.needYou, unreadable }
}

/** True where it may be said that nothing waits: all is counted, and every record of the log could be read. */
export function nothingWaits(waits: WhatWaits): boolean {
  if (waits.kind !== 'counted') return false
  return waits.waiting === 0 && waits.needYou === 0 && waits.unreadable === 0
}

/** What a list of what waits says where nobody is in it; `behind`: its own notice says enough. */
export function emptyListSays(waits: WhatWaits): 'everything-in' | 'else-nothing' | 'looking' | 'behind' {
  switch (waits.kind) {
    case 'not-known':
    case 'not-opened':
      return 'looking'
    case 'behind':
      return 'behind'
    case 'counted':
      if (nothingWaits(waits)) return 'everything-in'
      // What is counted and not listed is just being read.
      if (waits.waiting > 0 || waits.needYou > 0 || waits.unreadable === null) return 'looking'
      return 'else-nothing'
    default:
      return assertNever(waits)
  }
}

/** `whatWaits` for a component, following the stores. */
export function useWhatWaits() {
  const books = useBook()
  const storage = useStorage()
  return computed(() =>
    whatWaits({
      phase: books.phase,
      counted: books.counted,
      summary: books.summary,
      unreadable: storage.state?.setAside ?? null,
    }),
  )
}
