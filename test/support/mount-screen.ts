import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { createMemoryHistory } from 'vue-router'
import App from '#renderer/App.vue'
import { APP_SERVICES, type AppServices } from '#renderer/app-services.ts'
import { createText } from '#renderer/i18n/text.ts'
import { loadLateParts } from '#renderer/late-parts.ts'
import { installIcons } from '#renderer/theme/icons.ts'
import { createAppRouter } from '#renderer/router.ts'
import { createFakeBook, type FakeBook } from './fake-book.ts'
import { createScreenBridge, type ScreenBridge, type ScreenBridgeOptions } from './screen-bridge.ts'

export interface Screen {
  readonly wrapper: VueWrapper
  readonly book: FakeBook
  readonly bridge: ScreenBridge
  readonly path: () => string
  readonly go: (path: string) => Promise<void>
  /** Everything on the page, dialogs included, as text. */
  readonly text: () => string
  /** A control by its visible or spoken name; throws where there is none. */
  readonly button: (name: string | RegExp) => HTMLElement
  readonly field: (label: string) => HTMLInputElement
  readonly click: (name: string | RegExp) => Promise<void>
  readonly type: (label: string, text: string) => Promise<void>
  readonly settle: () => Promise<void>
}

/** The size of every element, as happy-dom lays nothing out and the list would show no row. */
function giveElementsASize(): void {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 600 })
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 400 })
}

/** The whole window in happy-dom at a route, over a fake book and a fake bridge. Unmount the wrapper at the end. */
export async function mountScreen(
  path: string,
  book: FakeBook = createFakeBook(),
  options: ScreenBridgeOptions = {},
  wallIso: () => string = () => '2026-11-20T14:02:00Z',
): Promise<Screen> {
  giveElementsASize()
  installIcons()
  document.body.replaceChildren()
  const bridge = createScreenBridge(options)
  let ids = 0
  const services: AppServices = {
    bridge: bridge.bridge,
    bookFor: () => book,
    newId: () => `id-${++ids}`,
    wallIso,
    keptDirectory: () => Promise.resolve({ kept: true, bytes: 48_000_000 }),
    onFault: (where, error) => {
      throw new Error(`${where} threw`, { cause: error })
    },
  }
  await loadLateParts(() => Promise.resolve())
  const router = createAppRouter(createMemoryHistory())
  await router.push(path)
  const host = document.createElement('div')
  document.body.append(host)
  const wrapper = mount(App, {
    attachTo: host,
    global: {
      plugins: [createPinia(), createText(), router],
      provide: { [APP_SERVICES as symbol]: services },
    },
  })

  async function settle(): Promise<void> {
    for (let round = 0; round < 4; round++) await flushPromises()
  }
  function button(name: string | RegExp): HTMLElement {
    const all = [...document.querySelectorAll<HTMLElement>('button, [role="radio"], a')]
    const named = all.find((element) => {
      const said = element.getAttribute('aria-label') ?? element.textContent.replace(/\s+/g, ' ').trim()
      return typeof name === 'string' ? said === name : name.test(said)
    })
    if (!named)
      throw new Error(
        `no button ${String(name)} among: ${all.map((one) => one.textContent.trim()).join(' | ')}`,
      )
    return named
  }
  function field(label: string): HTMLInputElement {
    const tag = [...document.querySelectorAll('label')].find((one) =>
      one.textContent.trim().startsWith(label),
    )
    const input = tag?.control ?? document.querySelector(`[aria-label="${label}"]`)
    if (!input) throw new Error(`no field ${label}`)
    return input as HTMLInputElement
  }
  await settle()
  return {
    wrapper,
    book,
    bridge,
    path: () => router.currentRoute.value.fullPath,
    async go(next) {
      await router.push(next)
      await settle()
    },
    text: () => document.body.textContent.replace(/\s+/g, ' '),
    button,
    field,
    async click(name) {
      button(name).click()
      await settle()
    },
    async type(label, text) {
      const input = field(label)
      input.focus()
      input.value = text
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await settle()
    },
    settle,
  }
}
