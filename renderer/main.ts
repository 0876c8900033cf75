import type { Bridge } from '#shared/ipc/bridge.ts'
import { createCounterfoil } from './create-app.ts'
import './main.css'
import { createServices } from './services.ts'
import { installIcons } from './theme/icons.ts'
import { installTrustedTypes } from './trusted-types.ts'

declare global {
  interface Window {
    /** Put there by the preload: the only way out of this page. */
    readonly counterfoil: Bridge
  }
}

installTrustedTypes()
installIcons()
createCounterfoil(createServices(window.counterfoil)).mount('#app')
