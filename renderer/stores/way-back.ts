import { defineStore } from 'pinia'
import { START_LOCATION, useRouter } from 'vue-router'
import { useBook } from './book.ts'

/**
 * The way back from pages of their own (settings, what waits, signing in): each leads to where it was opened, with the
 * card, the question or the half-typed form that was there. To be used once before the first of them is opened.
 */
export const useWayBack = defineStore('way-back', () => {
  const router = useRouter()
  const books = useBook()
  /** Where the page on screen was opened, and the pages before it; empty in the book. */
  const trail: string[] = []

  router.afterEach((to, from, failure) => {
    if (failure) return
    if (to.meta.pane !== undefined) trail.length = 0
    else if (trail.at(-1) === to.fullPath) trail.pop()
    else if (from !== START_LOCATION && from.path !== to.path) trail.push(placeOf(from))
  })

  /** A new customer who is being typed has no address but their draft. */
  function placeOf({ meta, query, fullPath }: typeof router.currentRoute.value): string {
    if (meta.pane !== 'new' || books.inForm === null) return fullPath
    return router.resolve({ name: 'new', query: { ...query, draft: books.inForm } }).fullPath
  }

  return { back: () => router.push(trail.at(-1) ?? '/customers') }
})
