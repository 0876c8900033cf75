import { useEventListener } from '@vueuse/core'
import { afterMs, createBurstGuard } from './burst-guard.ts'

export interface BookKeys {
  /** What stood in the search is selected: what is typed now takes its place. */
  readonly focusSearch: () => void
  readonly remove: () => void
  readonly back: () => void
}

/** True where typing belongs to the element itself; a box that is ticked takes none. */
function takesText(target: EventTarget | null): boolean {
  const taking = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'
  return target instanceof HTMLElement && target.closest(taking) !== null
}
/** True for a key that begins, or goes on with, a name typed where nothing takes text. */
function types({ key, ctrlKey, altKey, metaKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || altKey || metaKey || takesText(target)) return false
  return key.length === 1 && key !== ' '
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
    } else if (types(event)) {
      keys.focusSearch() // the letter itself then lands in the box
    }
  })
}

export interface PageKeys {
  readonly back: () => void
  /** To the search in the book, with this typed in it; an empty text: as it was left. */
  readonly search: (typed: string) => void
}

/** The keys of a page of its own: Esc goes back, and whatever is typed beside its boxes begins a search in the book. */
export function usePageKeys(keys: PageKeys): void {
  useEventListener(globalThis, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || inDialog()) return
    if (event.key === 'Escape') return keys.back()
    if (!types(event)) return
    event.preventDefault()
    keys.search(event.key === '/' ? '' : event.key)
  })
}

const MODIFIERS: ReadonlySet<string> = new Set(['Alt', 'AltGraph', 'Control', 'Meta', 'Shift'])

/**
 * Alt with a letter presses the button on screen that shows these keys (`keys` of AppButton): what a tooltip promises is
 * what happens, on every page. Of several it is the one where the focus is, else the first. A scanner presses none: a
 * press acts only where no other key comes within 30 ms.
 */
export function useButtonKeys(): void {
  const guard = createBurstGuard({ later: afterMs })
  useEventListener(globalThis, 'keydown', (event: KeyboardEvent) => {
    if (MODIFIERS.has(event.key)) return
    const button = pressedButton(event)
    if (!button) return void guard.key(event.timeStamp)
    event.preventDefault()
    guard.press(event.timeStamp, () => button.isConnected && !inDialog() && button.click())
  })
}

function pressedButton(event: KeyboardEvent): HTMLElement | undefined {
  if (event.defaultPrevented || event.isComposing || event.repeat || inDialog()) return undefined
  const letter = altLetter(event)
  if (letter === null) return undefined
  const wanted = `button[aria-keyshortcuts="Alt+${letter}"]`
  const here = event.target instanceof HTMLElement ? event.target.closest('article') : null
  const buttons = [here, document].flatMap((place) => [
    ...(place?.querySelectorAll<HTMLElement>(wanted) ?? []),
  ])
  return buttons.find((one) => one.checkVisibility())
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
