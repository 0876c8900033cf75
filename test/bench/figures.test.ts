import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { keepsBudget, percentile, type Figure } from './figures.ts'
import { eagerScripts } from './script-size.ts'
import { fileOfTheSdk } from './sdk.ts'
import { tableOf } from './table.ts'

const figure = (value: number, budget?: Figure['budget']): Figure => ({
  benchmark: 'save',
  name: 'p50',
  value,
  unit: 'ms',
  ...(budget ? { budget } : {}),
})

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

it('percentiles are samples, by nearest rank; none of nothing', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect([0, 0.5, 0.95, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 95, 100])
  expect(percentile([7], 0.95)).toBe(7)
  expect(() => percentile([], 0.5)).toThrow('no samples')
})

it('a budget is kept up to its edge, and broken by what is no number', () => {
  expect(keepsBudget(figure(5, { atMost: 5 }))).toBe(true)
  expect(keepsBudget(figure(5.1, { atMost: 5 }))).toBe(false)
  expect(keepsBudget(figure(-1, { atLeast: 0 }))).toBe(false)
  expect(keepsBudget(figure(NaN, { atMost: 5 }))).toBe(false)
  expect(keepsBudget(figure(NaN, { atLeast: 5 }))).toBe(false)
  expect(keepsBudget(figure(5))).toBeNull()
})

it('the table judges only when it may', () => {
  const broken = [figure(6, { atMost: 5 })]
  expect(tableOf(broken, true).join('\n')).toContain('BROKEN')
  expect(tableOf(broken, false).join('\n')).not.toContain('BROKEN')
})

it('eager scripts: tags, what they import in any way, and static imports from there, each once', () => {
  const folder = folderWith({
    'index.html':
      '<script type="module" crossorigin src="./a/main.js"></script><link rel="modulepreload" href="./a/kit.js"><link rel="stylesheet" href="./a/x.css">',
    'a/main.js': 'import{a as b}from"./kit.js";import"./side.js";import("./window.js")',
    'a/kit.js': 'export{x}from"./deep.js"',
    'a/window.js': 'const l=()=>import("./lazy.js")',
    'a/side.js': '',
    'a/deep.js': '',
    'a/lazy.js': '',
  })
  const names = eagerScripts(join(folder, 'index.html')).map((file) => basename(file))
  expect(names).toEqual(['main.js', 'kit.js', 'deep.js', 'side.js', 'window.js'])
})

it('the SDK must be in one file of the build', () => {
  const one = folderWith({ 'index.js': '', 'chunks/square.js': '"X-Fern-SDK-Name"' })
  expect(basename(fileOfTheSdk(one))).toBe('square.js')
  expect(() => fileOfTheSdk(folderWith({ 'index.js': '' }))).toThrow('in 0 files')
  const two = folderWith({ 'index.js': '"X-Fern-SDK-Name"', 'chunks/square.js': '"X-Fern-SDK-Name"' })
  expect(() => fileOfTheSdk(two)).toThrow('in 2 files')
})
