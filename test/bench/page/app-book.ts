import type { CustomerBook } from '#renderer/book.ts'
import { sleep } from './dom.ts'

/** Members of the stores `book` and `customer-list`. */
interface Stores {
  readonly book: CustomerBook | null
  readonly answered: () => Promise<void>
}
interface MountedApp {
  readonly config: {
    readonly globalProperties: {
      readonly $pinia?: { readonly _s: ReadonlyMap<string, Partial<Stores>> }
    }
  }
}

/** The book the screens of this page use, where one is open: reached from outside, since the app offers no such door. */
export function bookOfThePage(): CustomerBook | null {
  return storeOfThePage('book')?.book ?? null
}

/** Resolves when there is one. */
export async function bookIsOpen(): Promise<void> {
  while (!bookOfThePage()) await sleep(2)
}

/** The book; throws where none is open. */
export function openBook(): CustomerBook {
  const book = bookOfThePage()
  if (!book) throw new Error('no book is open in this page')
  return book
}

/** The list the search fills; `answered` settles when its rows are those of the newest text. */
export function searchedList(): Pick<Stores, 'answered'> {
  const answered = storeOfThePage('customer-list')?.answered
  if (!answered) throw new Error('no list is on screen')
  return { answered }
}

function storeOfThePage(name: string): Partial<Stores> | undefined {
  const root: (Element & { __vue_app__?: MountedApp }) | null = document.querySelector('#app')
  return root?.__vue_app__?.config.globalProperties.$pinia?._s.get(name)
}
