// Who may import whom: the doors that can be closed, and where they are. `closed-doors.mjs` is the rule that keeps them
// shut, test/architecture tries each of them in each place.
//
// A pattern looks at what is meant, not at how it is written: a file of ours by its path from the project's folder
// ('/shared/ports.ts', whether it was '#shared/ports.ts' or '../ports.ts'), anything else by its name ('dexie').
import { builtinModules } from 'node:module'

const NODE_MODULES = builtinModules.filter((name) => /^[a-z]\w*$/.test(name)).join('|')

/** What may not be imported, and the door to use instead. `types`: a type alone may be. */
export const DOORS = {
  NODE: {
    pattern: `^(node:|(${NODE_MODULES})(/|$))`,
    message: 'Pure code: time, files and chance come in as parameters (shared/ports.ts).',
  },
  ELECTRON: {
    pattern: '^electron(-log)?(/|$)',
    message: "Only electron/main/platform, the types of ipc/router.ts and the preload import 'electron'.",
  },
  ELECTRON_PARTS: {
    pattern: '^/electron/main/platform/electron(\\.ts)?$',
    message: 'app.ts hands out the parts of Electron; take what is needed as a parameter.',
  },
  ELECTRON_AT_RUN_TIME: {
    pattern: '^electron(/|$)',
    types: true,
    message: 'Types only: the parts themselves come in as parameters, so that this runs in plain Node.',
  },
  VUE: {
    pattern: '^(vue|pinia|vee-validate)(-|/|$)|^@(vue|vueuse|nuxt|vee-validate)/',
    message: 'Vue lives in renderer/{views,components,composables,stores}.',
  },
  DEXIE: {
    pattern: '^dexie(/|$)',
    message: 'Dexie lives in renderer/db: use the CustomerBook (renderer/book.ts).',
  },
  SDK: {
    pattern: '^square(/|$)',
    message: "Square's SDK stays behind electron/main/square.",
  },
  SHARED: {
    pattern: '^/shared/',
    message: 'The practice store does not know the app.',
  },
  SHARED_BUT_IPC: {
    pattern: '^/shared/(?!ipc/)',
    message: 'The preload knows the contract (shared/ipc) and nothing else.',
  },
  BRIDGE: {
    pattern: '^/shared/ipc/',
    message: 'Views talk to the CustomerBook and the stores, not to the bridge.',
  },
  MAIN: {
    pattern: '^/electron/main/',
    message: 'The renderer and main meet only in shared/ipc/contract.ts.',
  },
  IPC_DOORS: {
    // Files on disk have the shapes of what crosses the bridge: their schemas are not doors.
    pattern: '^/electron/main/ipc/(?!(schema-parts|operation-schemas)\\.ts$)',
    message: 'The doors know what is behind them, never the other way round; app.ts puts them together.',
  },
  PLATFORM: {
    pattern: '^/electron/main/platform/',
    message: 'Files, time and chance come in as parameters (shared/ports.ts).',
  },
  PRACTICE: {
    pattern: '^/electron/practice/',
    message: 'Only electron/main/practice-host and tests know the practice store.',
  },
  SERVER: {
    pattern: '^fastify(/|$)|^/electron/practice/server(\\.ts)?$',
    message: 'The model is pure: it knows no server.',
  },
  RENDERER: {
    pattern: '^/renderer/',
    message: 'Nothing outside knows the renderer: it meets main in shared/ipc/contract.ts.',
  },
  DB: {
    pattern: '^/renderer/(db|search)/',
    message: 'Views and components use the CustomerBook (renderer/book.ts) and the stores.',
  },
  DB_BUT_READS: {
    // The worker reads the stored rows itself, so that 200,000 of them never pass through the window. What it needs
    // for that knows IndexedDB and no Dexie: by name, so that nobody lets in more in passing.
    pattern: '^/renderer/db/(?!(idb-request|mirror-mark|parse|stored-rows)\\.ts$)',
    message: 'Search runs in a worker, without Dexie: of db it knows only how stored rows are read.',
  },
  ABOVE_DB: {
    pattern: '^/renderer/(?!(db|search)/|book\\.ts$)',
    message: 'The directory and the search know the port they keep (renderer/book.ts), not who uses it.',
  },
  SCREENS: {
    pattern: '^/renderer/(views|components)/',
    message: 'What screens share does not know the screens.',
  },
  PRELOAD: {
    pattern: '^/electron/preload/',
    message: 'Electron alone loads the preload.',
  },
  TESTS: {
    pattern: '^/(test|build)/',
    message: 'Product code knows neither its tests nor how it is built.',
  },
}

/** What gives the practice model a face in the world; everything else of it is pure. */
export const PRACTICE_FACES = [
  'server',
  'listener',
  'control-face',
  'deliver',
  'request-log',
  'oauth-page',
  'cli',
  'cli-options',
  'read-json-file',
  'practice-application',
].map((name) => `electron/practice/${name}.ts`)

const BESIDES_MAIN = ['VUE', 'DEXIE', 'RENDERER']
const IN_MAIN = [...BESIDES_MAIN, 'ELECTRON', 'ELECTRON_PARTS', 'PRACTICE', 'SDK', 'IPC_DOORS']
const IN_PRACTICE = [...BESIDES_MAIN, 'ELECTRON', 'MAIN', 'SHARED', 'SDK']
const IN_RENDERER = ['NODE', 'ELECTRON', 'MAIN', 'PRACTICE', 'SDK']
/** @param {string[]} doors @param {string[]} opened */
const without = (doors, ...opened) => doors.filter((door) => !opened.includes(door))

/**
 * The doors that are closed to the files of a place. Where two lines name a file the later one holds, alone. TESTS and
 * PRELOAD are closed everywhere.
 */
export const BOUNDARIES = [
  {
    files: ['shared/**'],
    closed: ['NODE', 'ELECTRON', 'VUE', 'DEXIE', 'MAIN', 'RENDERER', 'PRACTICE', 'SDK'],
  },

  { files: ['electron/practice/**'], closed: [...IN_PRACTICE, 'NODE', 'SERVER'] },
  { files: PRACTICE_FACES, closed: IN_PRACTICE },

  { files: ['electron/main/**'], closed: IN_MAIN },
  {
    files: ['electron/main/outbox/**', 'electron/main/sync/**', 'electron/main/directory/**'],
    closed: [...IN_MAIN, 'PLATFORM'],
  },
  { files: ['electron/main/square/**'], closed: [...without(IN_MAIN, 'SDK'), 'PLATFORM'] },
  { files: ['electron/main/practice-host/**'], closed: without(IN_MAIN, 'PRACTICE') },
  { files: ['electron/main/ipc/**'], closed: without(IN_MAIN, 'IPC_DOORS') },
  {
    files: ['electron/main/ipc/router.ts'],
    closed: [...without(IN_MAIN, 'IPC_DOORS', 'ELECTRON'), 'ELECTRON_AT_RUN_TIME'],
  },
  {
    files: ['electron/main/platform/**'],
    closed: [...without(IN_MAIN, 'ELECTRON'), 'ELECTRON_AT_RUN_TIME'],
  },
  { files: ['electron/main/platform/electron.ts'], closed: without(IN_MAIN, 'ELECTRON') },
  // The composition: services.ts of what knows no window, app.ts of everything.
  { files: ['electron/main/services.ts'], closed: without(IN_MAIN, 'IPC_DOORS') },
  { files: ['electron/main/app.ts'], closed: without(IN_MAIN, 'IPC_DOORS', 'ELECTRON_PARTS') },

  {
    files: ['electron/preload/**'],
    closed: [...BESIDES_MAIN, 'NODE', 'MAIN', 'PRACTICE', 'SDK', 'SHARED_BUT_IPC'],
  },

  { files: ['renderer/**'], closed: IN_RENDERER },
  // db may import search: it feeds it.
  { files: ['renderer/db/**'], closed: [...IN_RENDERER, 'VUE', 'ABOVE_DB'] },
  { files: ['renderer/search/**'], closed: [...IN_RENDERER, 'VUE', 'DEXIE', 'DB_BUT_READS', 'ABOVE_DB'] },
  {
    files: ['renderer/composables/**', 'renderer/stores/**'],
    closed: [...IN_RENDERER, 'DEXIE', 'SCREENS'],
  },
  {
    files: ['renderer/views/**', 'renderer/components/**'],
    closed: [...IN_RENDERER, 'DEXIE', 'DB', 'BRIDGE'],
  },
].map(({ files, closed }) => ({ files, closed: [...closed, 'TESTS', 'PRELOAD'] }))
