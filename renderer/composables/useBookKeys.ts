import { useEventListener } from '@vueuse/core'

export interface BookKeys {
  /** What stood in the search is selected: what is typed now takes its place. */
  readonly focusSearch: () => void
  readonly remove: () => void
  readonly back: () => void
}

/** True where typing belongs to the element itself. */
function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  )
}
/** True while a dialog is open: the keys are its own. */
export function inDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}

/**
 * The keys of the main window. A letter alone is never a command: the next customer's name can be typed wherever the
 * focus is, and begins a search of its own. What acts is Alt with a letter (`useButtonKeys`), Delete on the card, Esc.
 */
export function useBookKeys(keys: BookKeys): void {
  useEventListener(globalThis, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || inDialog()) return
    if (event.key === 'Escape') return keys.back()
    if (event.ctrlKey || event.altKey || event.metaKey || takesText(event.target)) return
    const onCard = event.target instanceof HTMLElement && event.target.closest('[data-pane]') !== null
    if (event.key === 'Delete' && onCard) {
      event.preventDefault()
      keys.remove()
    } else if (event.key === '/') {
      event.preventDefault()
      keys.focusSearch()
    } else if (event.key.length === 1 && event.key !== ' ') {
      keys.focusSearch() // the letter itself then lands in the box
    }
  })
}

/**
 * Alt with a letter presses the first button on screen that shows these keys (`keys` of AppButton): what a tooltip
 * promises is what happens, on every page.
 */
export function useButtonKeys(): void {
  useEventListener(globalThis, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat || inDialog()) return
    const letter = altLetter(event)
    if (letter === null) return
    const buttons = document.querySelectorAll<HTMLElement>(`button[aria-keyshortcuts="Alt+${letter}"]`)
    const shown = [...buttons].find((one) => one.checkVisibility())
    if (!shown) return
    event.preventDefault()
    shown.click()
  })
}

/**
 * The letter pressed with Alt. Where Alt writes characters of its own (macOS) the key itself tells, but not inside a
 * text: there the character is what is meant.
 */
function altLetter({ altKey, ctrlKey, metaKey, key, code, target }: KeyboardEvent): string | null {
  if (!altKey || ctrlKey || metaKey) return null
  if (/^[a-z]$/i.test(key)) return key.toUpperCase()
  return takesText(target) ? null : (/^Key([A-Z])$/.exec(code)?.[1] ?? null)
}
