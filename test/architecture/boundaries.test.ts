import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'

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
    ruleFilter: ({ ruleId }) => /^no-restricted-/.test(ruleId),
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
const imports = (froms: readonly string[]) => froms.map((from, i) => `import * as m${i} from '${from}'`)

const NODE = [
  'node:fs',
  'fs',
  'fs/promises',
  'path',
  'crypto',
  'node:crypto',
  'child_process',
  'http',
  'timers',
]
const ELECTRON = ['electron', 'electron/main', 'electron-log', 'electron-log/main']
const VUE = ['vue', 'vue-router', 'pinia', '@vueuse/core', '@nuxt/ui', 'vee-validate', '@vee-validate/yup']
const DEXIE = ['dexie']
const MAIN = ['#main/config.ts', '../electron/main/config.ts']
const RENDERER = ['#renderer/book.ts', '../../renderer/book.ts']
const PRACTICE = ['#practice/model.ts', '../../practice/model.ts']
const SDK = ['square', 'square/serialization']
const TESTS = ['../test/support/builders.ts', '../../test/support/builders.ts']
const SHARED = ['#shared/ports.ts']

/** A file of each folder that has a rule in eslint.config.js: doors that are closed there, and some that are open. */
const FOLDERS: Record<string, { readonly closed: string[]; readonly open: string[] }> = {
  'shared/outbox/x.ts': {
    closed: [...NODE, ...ELECTRON, ...VUE, ...DEXIE, ...MAIN, ...RENDERER, ...PRACTICE, ...SDK, ...TESTS],
    open: ['../exhaustive.ts', 'yup', 'libphonenumber-js/min'],
  },
  'electron/practice/listener.ts': {
    closed: [...ELECTRON, ...VUE, ...DEXIE, ...MAIN, ...RENDERER, ...SDK, ...SHARED, ...TESTS],
    open: ['node:http', 'fastify', './model.ts'],
  },
  'electron/practice/x.ts': {
    closed: [...NODE, ...ELECTRON, ...VUE, ...SDK, ...SHARED, 'fastify', './server.ts', ...TESTS],
    open: ['./model.ts'],
  },
  'electron/main/outbox/x.ts': {
    closed: [...ELECTRON, ...VUE, ...DEXIE, ...RENDERER, ...PRACTICE, ...SDK, ...TESTS],
    open: ['node:fs/promises', ...SHARED, '../square/square-gateway.ts'],
  },
  'electron/main/sync/x.ts': {
    closed: [...ELECTRON, ...SDK, ...PRACTICE, ...TESTS],
    open: [...SHARED, '../outbox/outbox-port.ts'],
  },
  'electron/main/square/x.ts': {
    closed: [...ELECTRON, ...VUE, ...DEXIE, ...RENDERER, ...PRACTICE, ...TESTS],
    open: [...SDK, ...SHARED],
  },
  'electron/main/practice-host/x.ts': {
    closed: [...ELECTRON, ...VUE, ...DEXIE, ...RENDERER, ...SDK, ...TESTS],
    open: [...PRACTICE, ...SHARED],
  },
  'electron/main/app.ts': {
    closed: [...VUE, ...DEXIE, ...RENDERER, ...PRACTICE, ...SDK, ...TESTS],
    open: ['electron', ...SHARED],
  },
  'electron/main/platform/x.ts': {
    closed: [...VUE, ...DEXIE, ...RENDERER, ...PRACTICE, ...SDK, ...TESTS],
    open: [...ELECTRON, 'node:path'],
  },
  'electron/main/ipc/router.ts': { closed: [...VUE, ...SDK, ...RENDERER, ...TESTS], open: ['electron'] },
  'electron/main/ipc/handlers.ts': { closed: [...ELECTRON], open: SHARED },
  'electron/preload/x.ts': {
    closed: [...VUE, ...DEXIE, ...MAIN, ...RENDERER, ...PRACTICE, ...SDK, ...TESTS],
    open: ['electron', '#shared/ipc/contract.ts'],
  },
  'renderer/x.ts': {
    closed: [...NODE, ...ELECTRON, ...MAIN, ...PRACTICE, ...SDK, ...TESTS],
    open: [...VUE, ...SHARED],
  },
  'renderer/db/x.ts': {
    closed: [...NODE, ...ELECTRON, ...MAIN, ...PRACTICE, ...SDK, ...VUE, ...TESTS],
    open: [...DEXIE, ...SHARED],
  },
  'renderer/search/x.ts': {
    closed: [...NODE, ...ELECTRON, ...MAIN, ...PRACTICE, ...SDK, ...VUE, ...DEXIE, ...TESTS],
    open: SHARED,
  },
  'renderer/stores/x.ts': {
    closed: [...NODE, ...ELECTRON, ...MAIN, ...PRACTICE, ...SDK, ...DEXIE, ...TESTS],
    open: [...VUE, ...SHARED],
  },
  'renderer/composables/x.ts': { closed: [...DEXIE, ...SDK, ...TESTS], open: VUE },
  'renderer/components/x.ts': {
    closed: [...NODE, ...ELECTRON, ...MAIN, ...SDK, ...DEXIE, '#renderer/db/database.ts', ...TESTS],
    open: [...VUE, '#renderer/book.ts'],
  },
  'renderer/views/X.vue': {
    closed: [...DEXIE, '../db/database.ts', '../search/index.ts', '#shared/ipc/contract.ts', ...ELECTRON],
    open: [...VUE, '#renderer/book.ts'],
  },
}

describe('who may import whom', () => {
  it.each(Object.entries(FOLDERS))('%s', async (file, { closed, open }) => {
    const shut = await rulesBroken(file, imports(closed))
    for (const [i, from] of closed.entries())
      expect(shut[i], `${file} imports ${from}`).toEqual(['no-restricted-imports'])
    const free = await rulesBroken(file, imports(open))
    for (const [i, from] of open.entries()) expect(free[i], `${file} imports ${from}`).toEqual([])
  })
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
