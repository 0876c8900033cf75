import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { BOUNDARIES, DOORS, PRACTICE_FACES } from './build/boundaries.mjs'
import { closedDoors } from './build/closed-doors.mjs'

/** The rule that keeps the doors of build/boundaries.mjs shut, as a plugin of our own. */
const HOUSE = { rules: { 'closed-doors': closedDoors } }
const boundaries = BOUNDARIES.map(({ files, closed }) => ({
  files,
  plugins: { house: HOUSE },
  rules: { 'house/closed-doors': ['error', closed.map((door) => DOORS[door])] },
}))

const TEXT_ONLY = ['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
  property,
  message: 'Customer text is only ever text.',
}))
const NOT_THE_WINDOW = 'Only renderer/window.ts takes the bridge from the window and hands it on.'
const WINDOW_BRIDGE = [{ property: 'counterfoil', message: NOT_THE_WINDOW }]
const SERVICES_BRIDGE = [
  { property: 'bridge', message: 'Screens talk to the CustomerBook and the stores, not to the bridge.' },
]
const ONE_IPC_MAIN =
  'Every channel goes through electron/main/ipc/router.ts, which checks sender, size and shape.'

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
      'no-restricted-properties': ['error', ...TEXT_ONLY, ...WINDOW_BRIDGE],
      'no-restricted-globals': ['error', { name: 'counterfoil', message: NOT_THE_WINDOW }],
    },
  },
  {
    files: ['renderer/window.ts'],
    rules: { 'no-restricted-properties': ['error', ...TEXT_ONLY] },
  },
  {
    files: ['renderer/{views,components,composables}/**'],
    rules: { 'no-restricted-properties': ['error', ...TEXT_ONLY, ...WINDOW_BRIDGE, ...SERVICES_BRIDGE] },
  },
  // Who may import whom. Each door is tried in each place by test/architecture.
  ...boundaries,
  {
    files: ['electron/main/**'],
    ignores: ['electron/main/ipc/router.ts', 'electron/main/platform/electron.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(ImportSpecifier, ExportSpecifier) > [name=/^[iI]pcMain/]',
          message: ONE_IPC_MAIN,
        },
      ],
      'no-restricted-properties': ['error', { property: 'ipcMain', message: ONE_IPC_MAIN }],
    },
  },
  {
    // It gives the router what the router works with.
    files: ['electron/main/app.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
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
