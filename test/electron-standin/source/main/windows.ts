import type { EventEmitter } from 'node:events'
import type { Boot } from './boot.ts'
import type { Chromium } from './chromium.ts'
import type { Page } from './page.ts'
import type { Pages } from './pages.ts'
import type { DevToolsSwitchboard } from './switchboard.ts'

/** What BrowserWindow, which apps construct themselves, needs from the rest of the stand-in. */
export interface WindowParts {
  readonly boot: Boot
  readonly board: DevToolsSwitchboard
  readonly chromium: () => Chromium
  readonly pages: () => Pages
  readonly appName: () => string
  /** Done to every page before anything runs in it. */
  readonly prepare: readonly ((page: Page) => Promise<void>)[]
  /** A window has gone. */
  readonly onClosed: () => void
}
let parts: WindowParts | undefined

/** Once, when the app is ready: from now on windows can be made. */
export function connectWindows(given: WindowParts): void {
  parts = given
}
export function windowParts(): WindowParts {
  if (!parts) throw new Error('Cannot create BrowserWindow before app is ready')
  return parts
}

/** The windows that are open, oldest first, and the one that has the focus. */
class WindowList {
  readonly #open = new Map<EventEmitter, object>()
  #focused: EventEmitter | null = null

  add(window: EventEmitter, contents: object): void {
    this.#open.set(window, contents)
  }
  remove(window: EventEmitter): void {
    this.#open.delete(window)
    if (this.#focused === window) this.#focused = null
  }
  all(): EventEmitter[] {
    return [...this.#open.keys()]
  }
  of(contents: object | null): EventEmitter | null {
    return [...this.#open].find(([, known]) => known === contents)?.[0] ?? null
  }
  contents(): object[] {
    return [...this.#open.values()]
  }
  focused(): EventEmitter | null {
    return this.#focused
  }
  focus(window: EventEmitter | null): void {
    this.#focused = window
  }
}
export const windows = new WindowList()
