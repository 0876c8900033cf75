import { squareSdk } from './build/square-sdk.ts'
import { uiKit } from './build/ui-kit.ts'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What Vue and its i18n carry for ways of writing that nothing here uses. */
const UNUSED = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_I18N_LEGACY_API__: 'false',
  __VUE_I18N_FULL_INSTALL__: 'false',
}

/**
 * Three bundles: main (ESM), preload (CommonJS, because a sandboxed preload cannot be ESM) and renderer. Everything
 * is bundled, so the package carries no node_modules; Square's SDK and the practice store are chunks of their own,
 * loaded after the first paint.
 */
export default defineConfig({
  main: {
    plugins: [squareSdk()],
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: { input: { index: at('./electron/main/index.ts') } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('./electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('./renderer'),
    plugins: [vue(), uiKit()],
    define: UNUSED,
    build: {
      outDir: at('./out/renderer'),
      minify: true,
      rollupOptions: { input: { index: at('./renderer/index.html') } },
    },
  },
})
