import { createI18n, useI18n } from 'vue-i18n'
import { en } from './en.ts'

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}`
}[keyof T & string]
/** Every key of the catalogue; a misspelt one is a type error. */
export type TextKey = Leaves<typeof en>
export type TextValues = Record<string, string | number>

/** The translator of the whole app. English is complete and the language to fall back on. */
export function createText() {
  return createI18n({
    legacy: false,
    locale: 'en',
    fallbackLocale: 'en',
    messages: { en },
    missingWarn: false,
    fallbackWarn: false,
  })
}

export interface Text {
  /** The words for that key, with values filled in. */
  readonly t: (key: TextKey, values?: TextValues) => string
  /** The same, singular or plural by `count`, which is also `{n}`. */
  readonly tn: (key: TextKey, count: number, values?: TextValues) => string
  /** True where the catalogue has such a key (for keys that come from data). */
  readonly has: (key: string) => key is TextKey
}

/** The typed door to the catalogue for components. */
export function useText(): Text {
  const i18n = useI18n()
  return {
    t: (key, values = {}) => i18n.t(key, values),
    tn: (key, count, values = {}) => i18n.t(key, { n: count, ...values }, count),
    has: (key): key is TextKey => i18n.te(key),
  }
}
