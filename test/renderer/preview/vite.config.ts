import { uiKit } from '../../../build/ui-kit.ts'
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Builds the screens with the fake book and the fake bridge: for looking at them in a plain browser. */
export default defineConfig({
  root: at('../../../renderer'),
  base: './',
  plugins: [
    {
      name: 'preview-entry',
      enforce: 'pre',
      transformIndexHtml: {
        order: 'pre',
        handler: (html) => html.replace('./main.ts', `/@fs${at('./preview.ts')}`),
      },
      resolveId: (id) => (id.startsWith('/@fs') ? id.slice('/@fs'.length) : null),
    },
    vue(),
    uiKit(),
  ],
  build: {
    outDir: at('../../../out/preview'),
    emptyOutDir: true,
    rollupOptions: { input: at('../../../renderer/index.html') },
  },
})
