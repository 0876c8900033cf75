import type { EventEmitter } from 'node:events'
import type { Rectangle } from 'electron'
import type { Chromium } from './chromium.ts'
import type { Page } from './page.ts'

type FrameState = 'normal' | 'minimized' | 'maximized' | 'fullscreen'
const EVENTS: Readonly<Record<FrameState, string>> = {
  normal: 'restore',
  minimized: 'minimize',
  maximized: 'maximize',
  fullscreen: 'enter-full-screen',
}

/** Size, place and state of a window: kept here, shown by a real window where there is a display. */
export class WindowFrame {
  readonly #window: EventEmitter
  readonly #chromium: Chromium
  #bounds: Rectangle
  #page: Page | undefined
  #isShown: boolean
  state: FrameState = 'normal'

  constructor(
    window: EventEmitter,
    chromium: Chromium,
    options: { x?: number; y?: number; width?: number; height?: number; show?: boolean },
  ) {
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options
    this.#window = window
    this.#chromium = chromium
    this.#bounds = { x, y, width, height }
    this.#isShown = show
  }

  get bounds(): Rectangle {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    const { x, y, width, height } = this.#bounds
    if (width !== before.width || height !== before.height) this.#window.emit('resize')
    if (x !== before.x || y !== before.y) this.#window.emit('move')
    void this.#apply()
  }

  change(state: FrameState): void {
    if (state === this.state) return
    if (this.state === 'fullscreen') this.#window.emit('leave-full-screen')
    if (this.state === 'maximized') this.#window.emit('unmaximize')
    this.state = state
    this.#window.emit(EVENTS[state])
    void this.#apply()
  }

  show(isShown: boolean): void {
    this.#isShown = isShown
    void this.#apply()
  }

  async attach(page: Page): Promise<void> {
    this.#page = page
    await this.#apply()
  }

  async #apply(): Promise<void> {
    const page = this.#page
    if (!page) return
    const { x: left, y: top, width, height } = this.#bounds
    if (this.#chromium.headless) {
      const metrics = { width, height, deviceScaleFactor: 0, mobile: false }
      await page.session.send('Emulation.setDeviceMetricsOverride', metrics).catch(() => {})
      return
    }
    const { browser } = this.#chromium
    try {
      const { windowId } = await browser.send<{ windowId: number }>('Browser.getWindowForTarget', {
        targetId: page.targetId,
      })
      const windowState = this.#isShown ? this.state : 'minimized'
      // Chromium refuses a size together with any state but the normal one.
      if (windowState === 'normal') {
        await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
        await browser.send('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } })
      } else await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
    } catch {
      // The window has gone, or its manager decides otherwise.
    }
  }
}
