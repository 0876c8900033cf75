import { availableParallelism } from 'node:os'
import { uiKit } from './build/ui-kit.ts'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** No test measures time: this only ends one that hangs, and a busy machine is not a failure. */
const PATIENCE_MS = 30_000

/** What starts commands, listens to the process, or writes with a logger there is one of. */
const OF_THE_PROCESS = [
  'test/electron/practice/cli.test.ts',
  'test/electron/main/platform/log-sink*.test.ts',
  'test/electron/main/outbox/log-lock.test.ts',
]

/**
 * `node`: everything without a document; its files share their modules, which keep nothing. `alone`: the same, a process
 * for each file, and what starts apps and commands. `dom`: components and views, mounted in happy-dom; its files share
 * their modules and the document.
 */
export default defineConfig({
  test: {
    // Left to itself vitest keeps a core free; one too many is right, as some file always waits for a process or a timer.
    maxWorkers: availableParallelism() + 1,
    coverage: {
      provider: 'v8',
      include: ['shared/{merge,outbox,sync,customer}/**', 'electron/main/{outbox,sync}/**'],
      // Fixtures: the patterns above match anywhere in a path.
      exclude: ['test/{shared,electron}/**'],
      // What is whole is not listed, nor is a file of types only, which has nothing to run.
      reporter: [['text', { skipFull: true, skipEmpty: true }], 'html'],
      reportsDirectory: 'coverage',
      thresholds: { perFile: true, branches: 100 },
    },
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          testTimeout: PATIENCE_MS,
          // A process and the modules anew for each of so many small files cost more than their tests do.
          isolate: false,
          include: [
            'test/{shared,electron,architecture}/**/*.test.ts',
            'test/renderer/{db,search,i18n}/**/*.test.ts',
          ],
          exclude: OF_THE_PROCESS,
        },
      },
      {
        test: {
          name: 'alone',
          environment: 'node',
          testTimeout: PATIENCE_MS * 2,
          hookTimeout: PATIENCE_MS * 2,
          include: [
            'test/{simulation,storage,packaging,bench,electron-standin}/**/*.test.ts',
            ...OF_THE_PROCESS,
          ],
        },
      },
      {
        plugins: [vue(), uiKit()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          testTimeout: PATIENCE_MS,
          // The kit, the app and a document anew for each file cost as much as its tests do.
          isolate: false,
          setupFiles: ['test/support/fresh-page.ts'],
          unstubGlobals: true,
          restoreMocks: true,
          include: ['test/renderer/**/*.test.ts'],
          exclude: ['test/renderer/{db,search,i18n}/**'],
          server: { deps: { inline: [/@nuxt\/ui/] } },
        },
      },
    ],
  },
})
