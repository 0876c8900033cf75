import ui from '@nuxt/ui/vite'

/** The UI kit as every build of the screens uses it: icons from the bundle, never from a network; no generated files. */
export function uiKit() {
  return ui({
    icon: { clientBundle: { scan: true } },
    dts: false,
    components: { dts: false },
    autoImport: { dts: false },
    // Styles for the components in use, not for all of the kit.
    experimental: { componentDetection: true },
  })
}
