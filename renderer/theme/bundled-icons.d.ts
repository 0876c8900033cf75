/** Made by the kit's build plugin: every icon named in a template, with its drawing. */
declare module 'virtual:nuxt-ui-icons' {
  import type { IconifyIcon } from '@iconify/vue'
  export function init(add: (name: string, icon: IconifyIcon) => boolean): void
}
