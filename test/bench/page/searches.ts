import { openBook } from './app-book.ts'
import { shownList, sleep, typeInSearch, whenSeen } from './dom.ts'

export const WORDS = [
  'nora bergson',
  'ximena',
  'stein',
  'customer77',
  '2065',
  'åström',
  'quin optics',
  'r-1-2',
]

export interface SearchTimes {
  /** From asking the book to its answer: to the worker and back. */
  readonly answer: number[]
  /** From the key to the rows in the DOM. */
  readonly rows: number[]
}

/** Types the words letter by letter, each letter a search; ms each. */
export async function typeSearches(): Promise<SearchTimes> {
  const book = openBook()
  const answer: number[] = []
  const rows: number[] = []
  for (const text of WORDS.flatMap((word) => [...word].map((_, at) => word.slice(0, at + 1)))) {
    const asked = performance.now()
    const expected = await book.search(text, { offset: 0, limit: 60 })
    answer.push(performance.now() - asked)
    const first = expected.rows[0]
    const isShown = () => {
      const shown = shownList()
      return shown !== null && shown.title === first?.title && shown.total === expected.total
    }
    // Only where the list changes can it be seen that it has.
    const changes = first !== undefined && !isShown()
    const typed = performance.now()
    typeInSearch(text)
    if (changes) rows.push((await whenSeen(isShown)) - typed)
    await sleep(20)
  }
  typeInSearch('')
  return { answer, rows }
}
