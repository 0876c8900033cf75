import type { Bridge } from '#shared/ipc/bridge.ts'
import { createCounterfoil } from './create-app.ts'
import './main.css'
import { createServices } from './services.ts'
import { installIcons } from './theme/icons.ts'

declare global {
  interface Window {
    /** Put there by the preload: the only way out of this page. */
    readonly counterfoil: Bridge
  }
}

installIcons()
const services = createServices(window.counterfoil)
addEventListener('error', ({ error }) => services.onFault('window', error))
addEventListener('unhandledrejection', ({ reason }) => services.onFault('promise', reason))
createCounterfoil(services).mount('#app')
