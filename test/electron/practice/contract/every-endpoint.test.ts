import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROUTES } from '#practice/routes.ts'

/** All endpoints the suites beside this one list; each list is held to what was answered (`eachFace`). */
const listed = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('every-endpoint'))
  .flatMap((name) => {
    const source = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
    return [...source.matchAll(/'((?:GET|POST|PUT|DELETE) \/(?:v2|oauth2)\/[^']*)'/g)].map(
      ([, one = '']) => one,
    )
  })

test('the SDK is held to every endpoint there is, and to no other', () => {
  const there = ROUTES.map(
    ({ method, path }) => `${method} ${path.map((part) => (part.startsWith(':') ? '{}' : part)).join('/')}`,
  )
  const signIn = ['POST /oauth2/token', 'POST /oauth2/token/status', 'POST /oauth2/revoke']
  expect([...new Set(listed)].sort()).toEqual([...there, ...signIn].sort())
})
