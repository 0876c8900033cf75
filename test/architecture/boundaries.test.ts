import { posix, resolve } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'
import { BOUNDARIES, DOORS, PRACTICE_FACES, type DoorName } from '../../build/boundaries.mjs'

const ROOT = resolve(import.meta.dirname, '../..')

let eslint: ESLint
beforeAll(() => {
  eslint = new ESLint({
    cwd: ROOT,
    // Files that do not exist belong to no project: rules that need types are off, the others are as they are.
    overrideConfig: [
      {
        files: ['**/*.ts', '**/*.vue'],
        languageOptions: { parserOptions: { project: null, projectService: false, program: null } },
      },
    ],
    ruleFilter: ({ ruleId }) => /^(no-restricted-|house\/)/.test(ruleId),
  })
})

/** The rules each line breaks; a file of imports only, one a line, so that one look serves for all doors of a folder. */
async function rulesBroken(filePath: string, lines: readonly string[]): Promise<string[][]> {
  const vue = filePath.endsWith('.vue')
  const text = `${lines.join('\n')}\n`
  const source = vue ? `<script setup lang="ts">\n${text}</script>\n<template><i /></template>\n` : text
  const [result] = await eslint.lintText(source, { filePath: resolve(ROOT, filePath) })
  expect(result!.messages.filter(({ fatal }) => fatal)).toEqual([])
  const first = vue ? 2 : 1
  return lines.map((_, i) => [
    ...new Set(result!.messages.filter(({ line }) => line === first + i).map(({ ruleId }) => ruleId ?? '')),
  ])
}
/** What a door shuts: packages by name, files of ours by their path from the project's folder. */
const SAMPLES: Record<DoorName, readonly string[]> = {
  NODE: ['node:fs', 'fs', 'fs/promises', 'path', 'crypto', 'node:crypto', 'child_process', 'http', 'timers'],
  ELECTRON: ['electron', 'electron/main', 'electron-log', 'electron-log/main'],
  ELECTRON_PARTS: ['/electron/main/platform/electron.ts'],
  ELECTRON_AT_RUN_TIME: ['electron', 'electron/main'],
  VUE: ['vue', 'vue-router', 'pinia', '@vueuse/core', '@nuxt/ui', 'vee-validate', '@vee-validate/yup'],
  DEXIE: ['dexie'],
  SDK: ['square', 'square/serialization'],
  SHARED: ['/shared/ports.ts', '/shared/sync/decide.ts', '/shared/ipc/contract.ts', '/shared/ipc/bridge.ts'],
  SHARED_BUT_IPC: ['/shared/ports.ts', '/shared/sync/decide.ts'],
  BRIDGE: ['/shared/ipc/contract.ts', '/shared/ipc/bridge.ts'],
  MAIN: [
    '/electron/main/config.ts',
    '/electron/main/outbox/outbox.ts',
    '/electron/main/platform/app-info.ts',
    '/electron/main/platform/electron.ts',
    '/electron/main/ipc/router.ts',
    '/electron/main/ipc/handlers.ts',
    '/electron/main/ipc/events.ts',
    '/electron/main/ipc/schema-parts.ts',
  ],
  IPC_DOORS: [
    '/electron/main/ipc/router.ts',
    '/electron/main/ipc/handlers.ts',
    '/electron/main/ipc/events.ts',
  ],
  PLATFORM: ['/electron/main/platform/app-info.ts', '/electron/main/platform/electron.ts'],
  PRACTICE: ['/electron/practice/model.ts', '/electron/practice/server.ts'],
  SERVER: ['fastify', '/electron/practice/server.ts'],
  RENDERER: [
    '/renderer/book.ts',
    '/renderer/services.ts',
    '/renderer/db/database.ts',
    '/renderer/db/stored-rows.ts',
    '/renderer/search/search-client.ts',
    '/renderer/stores/sync.ts',
    '/renderer/composables/useCard.ts',
    '/renderer/components/PhoneText.vue',
    '/renderer/views/BookView.vue',
  ],
  DB: ['/renderer/db/database.ts', '/renderer/db/stored-rows.ts', '/renderer/search/search-client.ts'],
  DB_BUT_READS: ['/renderer/db/database.ts'],
  ABOVE_DB: [
    '/renderer/services.ts',
    '/renderer/stores/sync.ts',
    '/renderer/composables/useCard.ts',
    '/renderer/components/PhoneText.vue',
    '/renderer/views/BookView.vue',
  ],
  SCREENS: ['/renderer/components/PhoneText.vue', '/renderer/views/BookView.vue'],
  PRELOAD: ['/electron/preload/index.ts'],
  TESTS: ['/test/support/builders.ts', '/build/stale.mjs'],
}
const EVERYTHING = [...new Set(Object.values(SAMPLES).flat())]
/** Of these a type may be imported where only what runs is refused. */
const TYPES_ALLOWED: DoorName = 'ELECTRON_AT_RUN_TIME'

const BESIDES_MAIN = ['VUE', 'DEXIE', 'RENDERER'] as const
const MAIN_CLOSED = [...BESIDES_MAIN, 'ELECTRON', 'ELECTRON_PARTS', 'PRACTICE', 'SDK', 'IPC_DOORS'] as const
const PRACTICE_CLOSED = [...BESIDES_MAIN, 'ELECTRON', 'MAIN', 'SHARED', 'SDK'] as const
const RENDERER_CLOSED = ['NODE', 'ELECTRON', 'MAIN', 'PRACTICE', 'SDK'] as const
const DECIDES = [...MAIN_CLOSED, 'PLATFORM'] as const
const SHOWS = [...RENDERER_CLOSED, 'DEXIE', 'DB', 'BRIDGE'] as const
const SHARES = [...RENDERER_CLOSED, 'DEXIE', 'SCREENS'] as const

/** Every place of build/boundaries.mjs, and the doors that are closed there: all others are open. */
const PLACES: Record<string, readonly DoorName[]> = {
  'shared/**': [...RENDERER_CLOSED, 'VUE', 'DEXIE', 'RENDERER'],
  'electron/practice/**': [...PRACTICE_CLOSED, 'NODE', 'SERVER'],
  ...Object.fromEntries(PRACTICE_FACES.map((file) => [file, PRACTICE_CLOSED])),
  'electron/main/**': MAIN_CLOSED,
  'electron/main/outbox/**': DECIDES,
  'electron/main/sync/**': DECIDES,
  'electron/main/directory/**': DECIDES,
  'electron/main/square/**': DECIDES.filter((door) => door !== 'SDK'),
  'electron/main/practice-host/**': MAIN_CLOSED.filter((door) => door !== 'PRACTICE'),
  'electron/main/ipc/**': MAIN_CLOSED.filter((door) => door !== 'IPC_DOORS'),
  'electron/main/ipc/router.ts': [
    ...BESIDES_MAIN,
    'ELECTRON_AT_RUN_TIME',
    'ELECTRON_PARTS',
    'PRACTICE',
    'SDK',
  ],
  'electron/main/platform/**': [
    ...BESIDES_MAIN,
    'ELECTRON_AT_RUN_TIME',
    'ELECTRON_PARTS',
    'PRACTICE',
    'SDK',
    'IPC_DOORS',
  ],
  'electron/main/platform/electron.ts': [...BESIDES_MAIN, 'ELECTRON_PARTS', 'PRACTICE', 'SDK', 'IPC_DOORS'],
  'electron/main/services.ts': [...BESIDES_MAIN, 'ELECTRON', 'ELECTRON_PARTS', 'PRACTICE', 'SDK'],
  'electron/main/app.ts': [...BESIDES_MAIN, 'ELECTRON', 'PRACTICE', 'SDK'],
  'electron/preload/**': [...BESIDES_MAIN, 'NODE', 'MAIN', 'PRACTICE', 'SDK', 'SHARED_BUT_IPC'],
  'renderer/**': RENDERER_CLOSED,
  'renderer/db/**': [...RENDERER_CLOSED, 'VUE', 'ABOVE_DB'],
  'renderer/search/**': [...RENDERER_CLOSED, 'VUE', 'DEXIE', 'DB_BUT_READS', 'ABOVE_DB'],
  'renderer/composables/**': SHARES,
  'renderer/stores/**': SHARES,
  'renderer/views/**': SHOWS,
  'renderer/components/**': SHOWS,
}
const HAS_SCREENS = /^renderer\/((views|components)\/)?\*\*$/
const FILES = Object.keys(PLACES).flatMap((place) =>
  place.endsWith('.ts')
    ? [{ place, file: place }]
    : ['x.ts', 'deeper/x.ts', ...(HAS_SCREENS.test(place) ? ['X.vue'] : [])].map((name) => ({
        place,
        file: place.replace('**', name),
      })),
)

/** The ways to write an import of it from that file. */
function importsOf(target: string, file: string): string[] {
  if (!target.startsWith('/')) return imports(target)
  const path = posix.relative(posix.dirname(`/${file}`), target)
  const alias = target
    .replace(/^\/electron\/(main|practice)\//, '#$1/')
    .replace(/^\/(shared|renderer)\//, '#$1/')
  return [path.startsWith('.') ? path : `./${path}`, ...(alias.startsWith('#') ? [alias] : [])].flatMap(
    imports,
  )
}
const imports = (from: string) => [
  `import '${from}'`,
  `export * from '${from}'`,
  `export { a } from '${from}'`,
  `void import('${from}')`,
  `void import(\`${from}\`)`,
  `require('${from}')`,
  ...typeImports(from),
]
const typeImports = (from: string) => [
  `import type { T } from '${from}'`,
  `export type * from '${from}'`,
  `let t: typeof import('${from}')`,
]
const isType = (line: string) => /\btype(of)? /.test(line)

describe('who may import whom', () => {
  it('every place and every door of build/boundaries.mjs is tried here', () => {
    const places = BOUNDARIES.flatMap(({ files }) => files)
    expect(Object.keys(PLACES).toSorted()).toEqual(places.toSorted())
    expect(Object.keys(SAMPLES).toSorted()).toEqual(Object.keys(DOORS).toSorted())
  })

  it.each(FILES)('$file', async ({ place, file }) => {
    const closed = [...PLACES[place]!, 'TESTS', 'PRELOAD'] as const
    const shut = new Set(closed.flatMap((door) => SAMPLES[door]))
    const onlyTypes = new Set(closed.includes(TYPES_ALLOWED) ? SAMPLES[TYPES_ALLOWED] : [])
    const lines = EVERYTHING.filter((target) => target !== `/${file}`).flatMap((target) =>
      importsOf(target, file).map((line) => ({
        line,
        refused: shut.has(target) && !(onlyTypes.has(target) && isType(line)),
      })),
    )
    const broken = await rulesBroken(
      file,
      lines.map(({ line }) => line),
    )
    const wrong = lines
      .filter(({ refused }, i) => broken[i]!.includes('house/closed-doors') !== refused)
      .map(({ line, refused }) => `${line} is ${refused ? 'open' : 'closed'}`)
    expect(wrong).toEqual([])
  })

  it('an import whose target shows only when it runs cannot be checked, and is refused', async () => {
    const lines = ['void import(name)', 'void import(`./${name}.ts`)', "void import('./' + name)"]
    const broken = await rulesBroken('renderer/x.ts', lines)
    expect(broken).toEqual(lines.map(() => ['house/closed-doors']))
  })

  it('a part of the page may come late', async () => {
    const late = "export const view = latePart(() => import('./views/StartView.vue'))"
    expect(await rulesBroken('renderer/x.ts', [late])).toEqual([[]])
  })

  it('a file that only begins like a door is none', async () => {
    const lines = ["import 'squarely'", "import 'dexterity'", "import '#renderer/db/stored-rows.ts'"]
    expect(await rulesBroken('renderer/search/x.ts', lines)).toEqual([[], [], []])
    expect(await rulesBroken('renderer/search/x.ts', ["import '../db/parse-all.ts'"])).not.toEqual([[]])
  })
})

describe('one way into main', () => {
  const WAYS = [
    "import { ipcMain } from 'electron'",
    "import { ipcMain as doors } from 'electron'",
    "import type { IpcMain } from 'electron'",
    "export { ipcMain } from 'electron'",
    'electron.ipcMain.handle("x", () => 1)',
    'const { ipcMain: doors } = electron',
  ]
  const IPC_RULE = /^no-restricted-(syntax|properties)$/
  const refused = async (file: string) =>
    (await rulesBroken(file, WAYS)).map((rules) => rules.some((rule) => IPC_RULE.test(rule)))

  it.each(['electron/main/platform/x.ts', 'electron/main/session/x.ts', 'electron/main/index.ts'])(
    'ipcMain is not for %s',
    async (file) => {
      expect(await refused(file)).toEqual(WAYS.map(() => true))
    },
  )
  it('platform/electron.ts has it, app.ts gives it to the router', async () => {
    expect(await refused('electron/main/ipc/router.ts')).toEqual(WAYS.map(() => false))
    expect(await refused('electron/main/platform/electron.ts')).toEqual(WAYS.map(() => false))
    expect(await refused('electron/main/app.ts')).toEqual([true, true, true, true, false, false])
  })
})

describe('one way out of the page', () => {
  const WAYS = [
    'void window.counterfoil.invoke',
    "void window['counterfoil']",
    'void globalThis.counterfoil',
    'void self?.counterfoil',
    'const { counterfoil: bridge } = window',
    'void counterfoil.invoke',
  ]
  it.each([
    'renderer/views/X.vue',
    'renderer/components/x.ts',
    'renderer/composables/x.ts',
    'renderer/stores/x.ts',
    'renderer/db/x.ts',
    'renderer/services.ts',
  ])('%s does not take the bridge from the window', async (file) => {
    expect((await rulesBroken(file, WAYS)).map((rules) => rules.length)).toEqual(WAYS.map(() => 1))
  })
  it('window.ts does', async () => {
    expect(await rulesBroken('renderer/window.ts', WAYS.slice(0, 3))).toEqual([[], [], []])
  })
  it.each(['renderer/views/X.vue', 'renderer/components/x.ts', 'renderer/composables/x.ts'])(
    '%s does not take it from the services',
    async (file) => {
      const lines = ['const { bridge } = useServices()', 'void useServices().bridge']
      const rule = 'no-restricted-properties'
      expect(await rulesBroken(file, lines)).toEqual([[rule], [rule]])
    },
  )
  it.each(['renderer/window.ts', 'renderer/views/X.vue', 'renderer/db/x.ts'])(
    '%s writes text, never markup',
    async (file) => {
      const lines = ['body.innerHTML = name', 'body.outerHTML = name', 'body.insertAdjacentHTML(where, name)']
      const rule = 'no-restricted-properties'
      expect(await rulesBroken(file, lines)).toEqual([[rule], [rule], [rule]])
    },
  )
})

describe('S17 decisions have no clock, no chance and no world of their own', () => {
  const PURE = [
    'shared/sync/x.ts',
    'electron/main/sync/x.ts',
    'electron/main/outbox/outbox.ts',
    'electron/main/outbox/check-drafts.ts',
    'electron/practice/x.ts',
  ]
  const IMPURE = [
    ['export const now = Date.now()', 'no-restricted-properties'],
    ['export const n = Math.random()', 'no-restricted-properties'],
    ['setTimeout(() => {}, 1)', 'no-restricted-globals'],
    ['setInterval(() => {}, 1)', 'no-restricted-globals'],
    ['setImmediate(() => {})', 'no-restricted-globals'],
    ['void fetch("x")', 'no-restricted-globals'],
    ['export const id = crypto.randomUUID()', 'no-restricted-globals'],
    ['export const env = process.env', 'no-restricted-globals'],
    ['export const t = performance.now()', 'no-restricted-globals'],
    ['localStorage.clear()', 'no-restricted-globals'],
    ['export const bytes = Buffer.from("x")', 'no-restricted-globals'],
    ['export const later = globalThis.setTimeout', 'no-restricted-globals'],
    ['export const today = new Date()', 'no-restricted-syntax'],
    ['export const text = Date()', 'no-restricted-syntax'],
    ['export const read = import("./x.ts")', 'no-restricted-syntax'],
  ] as const
  const PURE_ENOUGH = 'export const day = new Date(Date.parse("2026-01-01"))'

  it.each(PURE)('%s', async (file) => {
    const broken = await rulesBroken(file, [...IMPURE.map(([text]) => text), PURE_ENOUGH])
    expect(broken).toEqual([...IMPURE.map(([, rule]) => [rule]), []])
  })
  it('elsewhere in main the world may be used', async () => {
    const broken = await rulesBroken('electron/main/services.ts', ['export const now = Date.now()'])
    expect(broken).toEqual([[]])
  })
})
