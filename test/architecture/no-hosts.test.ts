import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** People who do not exist, in examples. */
const INVENTED = '(me|user|till)\\b|<|\\$'

/** Put together here, so that this file does not contain what it looks for. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a package registry', new RegExp(['registry', '(npmjs|yarnpkg|npmmirror)', '(org|com)'].join('\\.'))],
  [
    'a package registry of one house',
    new RegExp(
      ['(npm|registry|artifactory|nexus)', '[a-z0-9-]+', '(internal|local|corp|lan)\\b'].join('\\.'),
    ),
  ],
  ['a folder of one machine', new RegExp(`(^|[\\s"'\`=(:])/${'work'}/`, 'm')],
  ['a home folder', new RegExp(`/${'home'}/(?!${INVENTED})[a-z]`)],
  ['a home folder on a Mac', new RegExp(`(^|[\\s"'\`=(:])/${'Users'}/(?!${INVENTED})[a-z]`, 'm')],
  ['a home folder on Windows', new RegExp(`[A-Z]:\\\\+${'Users'}\\\\+(?!${INVENTED})`)],
]
const BINARY = /\.(png|jpe?g|gif|ico|icns|woff2?|ttf|pdf|zip|gz)$/

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  return listed.split('\0').filter((file) => file !== '' && !BINARY.test(file))
}
function textOf(file: string): string {
  try {
    return readFileSync(resolve(ROOT, file), 'utf8')
  } catch {
    return '' // removed, and not committed yet
  }
}

it('no file names a package host or a folder of somebody’s machine', () => {
  const files = trackedFiles()
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((file) => {
    const text = textOf(file)
    return FORBIDDEN.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file}: ${what}`)
  })
  expect(found).toEqual([])
})

it('the patterns find what they are for', () => {
  const slash = '/'
  const examples = [
    ['https:', '', 'registry', ''].join(slash).replace(/\/$/, '') + '.npmjs.org/x',
    `see ${slash}work${slash}main`,
    `${slash}home${slash}anna${slash}x`,
    ['C:', 'Users', 'Anna'].join('\\'),
    `"${slash}Users${slash}anna"`,
  ]
  for (const example of examples)
    expect(
      FORBIDDEN.some(([, pattern]) => pattern.test(example)),
      example,
    ).toBe(true)
})
