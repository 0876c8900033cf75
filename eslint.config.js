import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import { builtinModules } from 'node:module'
import tseslint from 'typescript-eslint'

/** A door that is closed here, and the name of the one to use instead. */
const closed = (regex, message) => ({ regex, message })

const NODE = closed(
  `^(node:|(${builtinModules.filter((name) => /^[a-z]\w*$/.test(name)).join('|')})(/|$))`,
  'Pure code: time, files and chance come in as parameters (shared/ports.ts).',
)
const ELECTRON = closed(
  '^electron(-log)?(/|$)',
  "Only electron/main/platform, electron/main/ipc/router.ts and the preload import 'electron'.",
)
const VUE = closed(
  '^(vue|pinia|vee-validate)(-|/|$)|^@(vue|vueuse|nuxt|vee-validate)/',
  'Vue lives in renderer/{views,components,composables,stores}.',
)
const DEXIE = closed('^dexie(/|$)', 'Dexie lives in renderer/db: use the CustomerBook (renderer/book.ts).')
const MAIN = closed('^#main/|electron/main/', 'The renderer and main meet only in shared/ipc/contract.ts.')
const PRACTICE = closed(
  '^#practice/|/practice/',
  'Only electron/main/practice-host and tests know the practice store.',
)
const RENDERER = closed(
  '^#renderer/|/renderer/',
  'Main never imports the renderer: they meet in shared/ipc/contract.ts.',
)
const BRIDGE = closed('^#shared/ipc/', 'Views talk to the CustomerBook and the stores, not to the bridge.')
const TESTS = closed('(^|/)test/', 'Product code does not know its tests.')
const DB = closed(
  '/(db|search)/',
  'Views and components use the CustomerBook (renderer/book.ts) and the stores.',
)
const SDK = closed('^square(/|$)', "Square's SDK stays behind electron/main/square.")
const APP = closed('^#(shared|main|renderer)/', 'The practice store does not know the app.')
const SERVER = closed('^fastify(/|$)|/server\\.ts$', 'The model is pure: it knows no server.')

const imports = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, TESTS] }] },
})

/** What gives the practice model a face in the world; everything else of it is pure. */
const PRACTICE_FACES = [
  'electron/practice/{server,listener,control-face,deliver,request-log,oauth-page}.ts',
  'electron/practice/{cli,cli-options,read-json-file,practice-application}.ts',
]

/** What pure code must not reach for although no import is needed. */
const IMPURE = [
  ['Date', 'now'],
  ['Math', 'random'],
].map(([object, property]) => ({
  object,
  property,
  message: 'Time and chance come in as parameters (shared/ports.ts).',
}))
const IMPURE_SYNTAX = [
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.name='Date']",
  'ImportExpression',
].map((selector) => ({ selector, message: 'Time and what is loaded are for the edges.' }))
const IMPURE_GLOBALS = [
  'Buffer',
  'globalThis',
  'global',
  'require',
  'queueMicrotask',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto',
  'process',
  'performance',
  'localStorage',
  'window',
  'document',
  'indexedDB',
]

export default defineConfigWithVueTs(
  {
    ignores: ['out/', 'dist/', 'demo/', 'coverage/', 'bench-results/', 'test-results/', 'playwright-report/'],
  },
  vue.configs['flat/recommended'],
  vueTsConfigs.recommendedTypeChecked,
  ...a11y.configs['flat/recommended'],
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['renderer/**'],
    languageOptions: { globals: globals.browser },
    rules: {
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
          property,
          message: 'Customer text is only ever text.',
        })),
      ],
    },
  },
  // Who may import whom. Each line is proven by test/architecture.
  imports(['shared/**'], [NODE, ELECTRON, VUE, DEXIE, MAIN, RENDERER, PRACTICE, SDK]),
  imports(['electron/practice/**'], [ELECTRON, VUE, DEXIE, MAIN, RENDERER, SDK, APP]),
  imports(
    ['electron/practice/**'],
    [NODE, ELECTRON, VUE, DEXIE, MAIN, RENDERER, SDK, APP, SERVER],
    PRACTICE_FACES,
  ),
  imports(
    ['electron/main/**'],
    [ELECTRON, VUE, DEXIE, RENDERER, PRACTICE, SDK],
    [
      'electron/main/platform/**',
      'electron/main/ipc/router.ts',
      'electron/main/square/**',
      'electron/main/practice-host/**',
      'electron/main/app.ts',
      'electron/main/index.ts',
    ],
  ),
  imports(['electron/main/square/**'], [ELECTRON, VUE, DEXIE, RENDERER, PRACTICE]),
  imports(['electron/main/practice-host/**'], [ELECTRON, VUE, DEXIE, RENDERER, SDK]),
  imports(['electron/main/app.ts', 'electron/main/index.ts'], [VUE, DEXIE, RENDERER, PRACTICE, SDK]),
  imports(
    ['electron/main/platform/**', 'electron/main/ipc/router.ts'],
    [VUE, DEXIE, RENDERER, PRACTICE, SDK],
  ),
  imports(['electron/preload/**'], [VUE, DEXIE, MAIN, RENDERER, PRACTICE, SDK]),
  imports(['renderer/**'], [NODE, ELECTRON, MAIN, PRACTICE, SDK]),
  imports(['renderer/db/**'], [NODE, ELECTRON, MAIN, PRACTICE, SDK, VUE]),
  imports(['renderer/search/**'], [NODE, ELECTRON, MAIN, PRACTICE, SDK, VUE, DEXIE]),
  imports(['renderer/composables/**', 'renderer/stores/**'], [NODE, ELECTRON, MAIN, PRACTICE, SDK, DEXIE]),
  imports(
    ['renderer/views/**', 'renderer/components/**'],
    [NODE, ELECTRON, MAIN, PRACTICE, SDK, DEXIE, DB, BRIDGE],
  ),
  {
    // Decisions have no clock, no chance and no world of their own (S17): that is why the simulation can run them.
    files: ['shared/**', 'electron/main/sync/**', 'electron/main/outbox/{outbox,check-drafts}.ts'],
    rules: {
      'no-restricted-properties': ['error', ...IMPURE],
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-syntax': ['error', ...IMPURE_SYNTAX],
    },
  },
  {
    // The same of the practice model, so that the simulation can run it a million times.
    files: ['electron/practice/**'],
    ignores: PRACTICE_FACES,
    rules: {
      'no-restricted-properties': ['error', ...IMPURE],
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-syntax': ['error', ...IMPURE_SYNTAX],
    },
  },
  {
    files: ['build/**', 'test/**', 'electron/practice/cli.ts', '*.config.{js,ts}'],
    languageOptions: { globals: globals.node },
    rules: {
      'no-console': 'off',
      // Fixtures are closures handed out by the piece; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.{js,mjs,cjs}', '**/*.d.mts'], ...tseslint.configs.disableTypeChecked },
  prettier,
)
