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

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/**
 * Values set apart where they run from right to left: the sentence around a name keeps its own direction, also where the
 * name comes first, and figures or brackets beside it stay where they are. Other values are left as they are.
 */
export function setApart(values: TextValues): TextValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) =>
      typeof value === 'string' && RIGHT_TO_LEFT.test(value) ? [key, `\u2068${value}\u2069`] : [key, value],
    ),
  )
}

/** The typed door to the catalogue for components. */
export function useText(): Text {
  const i18n = useI18n()
  return {
    t: (key, values = {}) => i18n.t(key, setApart(values)),
    tn: (key, count, values = {}) => i18n.t(key, { n: count, ...setApart(values) }, count),
    has: (key): key is TextKey => i18n.te(key),
  }
}
