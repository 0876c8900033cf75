import { EventEmitter } from 'node:events'
import { loudMembers } from '../loud.ts'
import type { Page } from './page.ts'

/** electron.nativeTheme. The system's own theme counts as light. */
export class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'
  readonly #pages = new Set<Page>()

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    if (!['system', 'light', 'dark'].includes(source))
      throw new TypeError(`Error processing argument: ${source}`)
    if (source === this.#source) return
    this.#source = source
    for (const page of this.#pages) this.#show(page).catch(() => this.#pages.delete(page))
    this.emit('updated')
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
  get shouldUseHighContrastColors(): boolean {
    return false
  }

  /** For the stand-in only. */
  static prepare(theme: NativeTheme, page: Page): Promise<void> {
    theme.#pages.add(page)
    return theme.#show(page)
  }

  async #show(page: Page): Promise<void> {
    const value = this.#source === 'system' ? '' : this.#source
    await page.session.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value }],
    })
  }
}
export const createNativeTheme = () => loudMembers('nativeTheme', new NativeTheme())
