import { addIcon } from '@iconify/vue'
import { init } from 'virtual:nuxt-ui-icons'
import { allowMarkup } from '../trusted-types.ts'

/** Registers the icons found in the templates at build time (no network) and lets just their bodies pass as markup. */
export function installIcons(): void {
  init((name, data) => {
    allowMarkup(data.body)
    return addIcon(name, data)
  })
}
