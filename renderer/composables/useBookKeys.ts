import { useEventListener } from '@vueuse/core'

export interface BookKeys {
  readonly focusSearch: () => void
  readonly selectSearch: () => void
  readonly newCustomer: () => void
  readonly edit: () => void
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
 * The keys of the main window. Letters are commands (N, E) only while the focus is inside the card; anywhere else that
 * takes no text they begin a search, so that a name can simply be typed. Alt+N is a new customer from everywhere.
 */
export function useBookKeys(keys: BookKeys): void {
  useEventListener(globalThis, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || inDialog()) return
    if (event.key === 'Escape') return keys.back()
    if (event.altKey && event.key.toLowerCase() === 'n') {
      event.preventDefault()
      return keys.newCustomer()
    }
    if (event.ctrlKey || event.altKey || event.metaKey || takesText(event.target)) return
    const act = command(event, keys)
    if (act) {
      event.preventDefault()
      act()
    } else if (event.key.length === 1 && event.key !== ' ') {
      keys.focusSearch() // the letter itself then lands in the box
    }
  })
}

function command(event: KeyboardEvent, keys: BookKeys): (() => void) | null {
  if (event.key === '/') return keys.selectSearch
  const onCard = event.target instanceof HTMLElement && event.target.closest('[data-pane]') !== null
  if (!onCard) return null
  const commands: Record<string, () => void> = { n: keys.newCustomer, e: keys.edit, Delete: keys.remove }
  return commands[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null
}
