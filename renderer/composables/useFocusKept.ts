import { useEventListener, useMutationObserver } from '@vueuse/core'
import type { Ref } from 'vue'

/**
 * Where what has the focus leaves the page (sent, taken up again, put aside), the focus goes to `fallback`: nobody who
 * works by keyboard or listens is left nowhere, also not by a dialog that closes over it. Whoever has moved it meanwhile is
 * left alone.
 */
export function useFocusKept(
  page: Readonly<Ref<HTMLElement | null>>,
  fallback: Readonly<Ref<HTMLElement | null>>,
): void {
  let last: Element | null = null
  useEventListener(page, 'focusin', ({ target }) => (last = target instanceof Element ? target : null))
  useMutationObserver(
    document.body,
    () => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return
      last = null
      fallback.value?.focus({ preventScroll: true })
    },
    { childList: true, subtree: true },
  )
}
