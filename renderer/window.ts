import type { Bridge } from '#shared/ipc/bridge.ts'
import { createCounterfoil } from './create-app.ts'
import { loadLateParts } from './late-parts.ts'
import './main.css'
import { createServices } from './services.ts'
import { whenListReady } from './stores/customer-list.ts'
import { installIcons } from './theme/icons.ts'

declare global {
  interface Window {
    /** Put there by the preload: the only way out of this page. */
    readonly counterfoil: Bridge
  }
}
/** Who starts a search with the first rows on screen gets its answer first. */
const LIST_FIRST_MS = 300
const MOST_IDLE_MS = 200

installIcons()
const services = createServices(window.counterfoil)
addEventListener('error', ({ error }) => services.onFault('window', error))
addEventListener('unhandledrejection', ({ reason }) => services.onFault('promise', reason))
const app = createCounterfoil(services)
app.mount('#app')
app.runWithContext(() => whenListReady(() => setTimeout(() => void loadLateParts(idle), LIST_FIRST_MS)))

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: MOST_IDLE_MS }))
}
