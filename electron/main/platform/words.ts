/**
 * What main itself says to a person, in the dialogs and the menu that no page draws; all else is said by the window, from
 * `renderer/i18n/en.ts`. `{count}` is filled in by `filled`.
 */
const en = {
  deletions: {
    ask: 'Delete {count} customers?',
    detail:
      'Counterfoil was asked to delete {count} customers within a minute. If nobody here is deleting customers, choose Cancel and tell whoever looks after this PC.',
    no: 'Cancel',
    yes: 'Delete them',
  },
  windowGone: {
    message: 'Counterfoil has to load its window again',
    detail: 'The window stopped several times in a minute. Everything you saved is kept on this PC.',
    again: 'Load again',
  },
  menu: { file: 'File', view: 'View' },
} as const

type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
/** Main's words in one language: the same keys in each, as the compiler sees to. */
export type MainWords = Same<typeof en>

/** English, the only language so far: with a second one, this is where the system's locale chooses. */
export const words: MainWords = en

/** The text with its number in place of `{count}`. */
export function filled(text: string, count: number): string {
  return text.replaceAll('{count}', String(count))
}
