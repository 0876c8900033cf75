import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { DEFAULT_FLAGS } from '#practice/flags.ts'

const here = import.meta.dirname
const text = readFileSync(resolve(here, '../../../electron/practice/BEHAVIOUR.md'), 'utf8')

interface Row {
  readonly behaviour: string
  readonly sure: string
  readonly tests: readonly { readonly file: string; readonly title: string }[]
}

/** The rows of the one table; a test is `file` and its title. */
function readRows(markdown: string): readonly Row[] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(2).map((line) => {
    const [, behaviour = '', sure = '', cell = ''] = line.slice(2, -2).split(/\s*\|\s+/)
    const tests = cell.split('<br>').map((named) => {
      const [, file = '', title = ''] = /^`([\w.-]+)` (.+?)\s*$/.exec(named) ?? []
      return { file, title }
    })
    return { behaviour, sure, tests }
  })
}

/** What is wrong with a row, in one line; null where nothing is. */
function fault({ sure, tests }: Row): string | null {
  if (!/^(documented|seen|reported|assumed)\b/.test(sure)) return `not labelled: ${sure}`
  for (const { file, title } of tests) {
    const path = resolve(here, `${file}.test.ts`)
    if (file === '' || !existsSync(path)) return `no such file: ${file}`
    const source = readFileSync(path, 'utf8')
    if (!source.includes(`'${title}'`)) return `${file} has no test “${title}”`
  }
  return null
}

const rows = readRows(text)

test('every behaviour says how sure it is and names tests that exist', () => {
  expect(rows.length).toBeGreaterThan(100)
  expect(rows.flatMap((row) => fault(row) ?? [])).toEqual([])
})

test('every flag has a row that speaks of it', () => {
  const told = rows.map(({ behaviour }) => behaviour).join('\n')
  for (const flag of Object.keys(DEFAULT_FLAGS)) expect(told).toContain(`\`${flag}\``)
})

test('a title that is not there, a file that is not there and a row without a label are noticed', () => {
  const row = (sure: string, cell: string) =>
    readRows(`| a |\n| - |\n| part | it does | ${sure} | ${cell} |`)[0]!
  expect(fault(row('seen', '`cards` nobody has no cards'))).toBeNull()
  expect(fault(row('seen', '`cards` nobody has cards'))).toContain('no test “nobody has cards”')
  expect(fault(row('seen', '`cards` nobody has no cards<br>`cords` x'))).toBe('no such file: cords')
  expect(fault(row('seen', '–'))).toBe('no such file: ')
  expect(fault(row('surely', '`cards` nobody has no cards'))).toContain('not labelled')
})
