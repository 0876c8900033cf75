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
 * for each file. `dom`: components and views, mounted in happy-dom. `standin`: the runtime itself.
 */
export default defineConfig({
  test: {
    // Left to itself vitest keeps a core free, and with two cores then does one file after the other.
    maxWorkers: availableParallelism(),
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
            'test/renderer/{db,search}/**/*.test.ts',
          ],
          exclude: OF_THE_PROCESS,
        },
      },
      {
        test: {
          name: 'alone',
          environment: 'node',
          testTimeout: PATIENCE_MS,
          include: ['test/{simulation,storage,packaging,bench}/**/*.test.ts', ...OF_THE_PROCESS],
        },
      },
      {
        plugins: [vue(), uiKit()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          testTimeout: PATIENCE_MS,
          include: ['test/renderer/**/*.test.ts'],
          exclude: ['test/renderer/{db,search}/**'],
          server: { deps: { inline: [/@nuxt\/ui/] } },
        },
      },
      {
        test: {
          name: 'standin',
          environment: 'node',
          include: ['test/electron-standin/tests/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
