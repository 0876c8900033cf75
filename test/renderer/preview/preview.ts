import '#renderer/main.css'
import { createCounterfoil } from '#renderer/create-app.ts'
import { installIcons } from '#renderer/theme/icons.ts'
import { installTrustedTypes } from '#renderer/trusted-types.ts'
import { createWebHashHistory } from 'vue-router'
import { createFakeBook } from '../../support/fake-book.ts'
import { createScreenBridge } from '../../support/screen-bridge.ts'
import { PEOPLE } from './people.ts'
import { play } from './scenes.ts'

/** The page's `preview`: one scene after the other in one document, which is far cheaper than to load it for each. */
export interface Preview {
  /** Shows the scene at this path of the window. The one before it must have been closed. */
  open(scene: string, path: string): void
  /** Takes the window away with all it kept. Answers the body where it is not what it was before, else null. */
  close(): string | null
}

const bodyAtFirst = document.body.outerHTML

/** A window as at the start: its book, bridge, stores and router are new. The scene says what the fake book holds. */
function mount(scene: string): { unmount(): void } {
  const book = createFakeBook({ customers: scene === 'empty' ? [] : PEOPLE, now: new Date().toISOString() })
  const bridge = createScreenBridge({
    onCommand(command) {
      if (command.kind === 'line' && command.up) setTimeout(() => book.arrive(), 300)
    },
  })
  play(scene, book, bridge)
  const services = {
    bridge: bridge.bridge,
    bookFor: () => book,
    newId: () => crypto.randomUUID(),
    wallIso: () => new Date().toISOString(),
    keptDirectory: () => Promise.resolve({ kept: true, bytes: 48_300_000 }),
    onFault: (where: string, error: unknown) => console.error(where, error),
  }
  const routes = createWebHashHistory()
  const app = createCounterfoil(services, routes)
  app.mount('#app')
  return {
    unmount() {
      app.unmount()
      routes.destroy()
    },
  }
}

installTrustedTypes()
installIcons()
/** `?scene=…` chooses the first. */
let shown = mount(new URLSearchParams(location.search).get('scene') ?? 'day')

const preview: Preview = {
  open(scene, path) {
    history.replaceState(null, '', `#${path}`)
    shown = mount(scene)
  },
  close() {
    shown.unmount()
    localStorage.clear()
    // Vue and the dialogs leave these two behind, empty.
    const body = document.body.outerHTML.replace(/ (data-v-app|style)=""/g, '')
    return body === bodyAtFirst ? null : body
  },
}
Object.assign(globalThis, { preview })
