import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** Places left out of the coverage that are not the end of a closed switch, as `line: text`. */
function leftOut(source: string): string[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    if (!/(?:v8|c8|istanbul|node:coverage) (?:ignore|disable)/.test(line)) return []
    const isClosing =
      line.trim() === '/* v8 ignore next -- @preserve */' &&
      /^\s*default:\s*return assertNever\(\w+\)$/.test(lines.slice(index + 1, index + 3).join('\n'))
    return isClosing ? [] : [`${index + 1}: ${line.trim()}`]
  })
}

it('only assertNever is left out of the coverage', () => {
  const listed = execFileSync('git', ['ls-files', '-z', 'shared/*.ts', 'electron/*.ts', 'renderer/*.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const files = listed.split('\0').filter((file) => file !== '')
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap((file) => leftOut(textOf(file)).map((place) => `${file}:${place}`))).toEqual([])
})

function textOf(file: string): string {
  try {
    return readFileSync(resolve(ROOT, file), 'utf8')
  } catch {
    return '' // removed, and not committed yet
  }
}

it('anything else that is left out is found', () => {
  const closing = '    /* v8 ignore next -- @preserve */\n    default:\n      return assertNever(kind)'
  expect(leftOut(closing)).toEqual([])
  expect(leftOut(closing.replace('assertNever(kind)', 'null'))).toHaveLength(1)
  expect(leftOut(closing.replace('next', 'start'))).toHaveLength(1)
  expect(leftOut('if (a) return /* istanbul ignore else */ b')).toHaveLength(1)
})
