import { useEventListener } from '@vueuse/core'
import { inject, provide, watch, type InjectionKey } from 'vue'

const ARRIVED: InjectionKey<() => void> = Symbol('form arrived')
const BOXES = 'input, textarea, select'

/**
 * Keeps what is typed between the key that calls a form and the form itself, and types it there: else the first letters
 * would land in the search. `awaited` names the form that is on its way or on screen, null for none; Esc stays free.
 */
export function useTypedAhead(awaited: () => string | null): void {
  let held: string[] | null = null
  watch(awaited, (name) => (held = name === null ? null : []), { immediate: true, flush: 'sync' })
  useEventListener(
    globalThis,
    'keydown',
    (event: KeyboardEvent) => {
      if (!held || event.isComposing || !isTyped(event)) return
      held.push(event.key)
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    { capture: true },
  )
  provide(ARRIVED, () => {
    const typed = held ?? []
    held = null
    typed.forEach(typeInFocus)
  })
}

/** To be called when the form has the focus, or when none will come. */
export function useFormArrival(): () => void {
  return inject(ARRIVED, () => {})
}

function isTyped(event: KeyboardEvent): boolean {
  const command = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph')
  return !command && (event.key.length === 1 || ['Backspace', 'Enter', 'Tab'].includes(event.key))
}

/** One key, as if it were pressed now; Enter would save what nobody has seen yet. */
function typeInFocus(key: string): void {
  const box = document.activeElement
  if (key === 'Tab') {
    const boxes = [...(box?.closest('form')?.querySelectorAll<HTMLElement>(BOXES) ?? [])]
    boxes[boxes.indexOf(box as HTMLElement) + 1]?.focus()
    return
  }
  if (key === 'Enter' || !isTextBox(box) || !box.closest('form')) return
  const [from, to] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length]
  const rubsOut = key === 'Backspace'
  box.setRangeText(rubsOut ? '' : key, rubsOut && from === to ? Math.max(from - 1, 0) : from, to, 'end')
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

function isTextBox(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
}
