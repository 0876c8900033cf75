import { useText } from '../i18n/text.ts'
import { useWords } from './useWords.ts'

/** Sizes in this PC's language, as the system's own programs count them: a megabyte is a million bytes. */
export function useSizes(): { readonly size: (bytes: number | null | undefined) => string } {
  const { t } = useText()
  const { locale } = useWords()
  return {
    size(bytes) {
      if (bytes === null || bytes === undefined) return t('settings.notKnown')
      const [unit, of] = bytes < 1e6 ? ['kilobyte', 1e3] : bytes < 1e9 ? ['megabyte', 1e6] : ['gigabyte', 1e9]
      const style = { style: 'unit', unit: String(unit), maximumFractionDigits: 1 } as const
      return new Intl.NumberFormat(locale.value, style).format(bytes / Number(of))
    },
  }
}
