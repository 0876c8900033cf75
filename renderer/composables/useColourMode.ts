import { computed, ref, watchEffect } from 'vue'
import { useMediaQuery } from '@vueuse/core'

export type ColourMode = 'auto' | 'light' | 'dark'
const KEY = 'colour-mode'

const mode = ref<ColourMode>(stored())

function stored(): ColourMode {
  const kept = globalThis.localStorage?.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

/** Light, dark or like the PC; kept on this PC, set as a class on the root element. */
export function useColourMode() {
  const pcIsDark = useMediaQuery('(prefers-color-scheme: dark)')
  const dark = computed(() => mode.value === 'dark' || (mode.value === 'auto' && pcIsDark.value))
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.documentElement.classList.toggle('light', !dark.value)
  })
  function choose(next: ColourMode): void {
    mode.value = next
    localStorage.setItem(KEY, next)
  }
  return { mode, choose }
}
