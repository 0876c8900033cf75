import type { CustomerBook } from '#renderer/book.ts'

interface MountedApp {
  readonly config: {
    readonly globalProperties: {
      readonly $pinia?: { readonly _s: ReadonlyMap<string, { readonly book?: CustomerBook | null }> }
    }
  }
}

/** The book the screens of this page use, where one is open: reached from outside, since the app offers no such door. */
export function bookOfThePage(): CustomerBook | null {
  const root: (Element & { __vue_app__?: MountedApp }) | null = document.querySelector('#app')
  return root?.__vue_app__?.config.globalProperties.$pinia?._s.get('book')?.book ?? null
}

/** The book; throws where none is open. */
export function openBook(): CustomerBook {
  const book = bookOfThePage()
  if (!book) throw new Error('no book is open in this page')
  return book
}
