import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerFor, registerAppScheme } from '#main/platform/app-protocol.ts'
import { CONTENT_SECURITY_POLICY, policyText } from '#main/platform/content-security-policy.ts'
import { listPackedFiles, type PackedFiles } from '#main/platform/packed-files.ts'

let root: string
let files: PackedFiles
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'counterfoil-protocol-'))
  await mkdir(join(root, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(root, 'secret.txt'), 'SECRET')
  await writeFile(join(root, 'renderer', 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'renderer', 'assets', 'app.js'), 'export {}')
  await writeFile(join(root, 'renderer', 'assets', 'app.js.map'), 'SECRET')
  await writeFile(join(root, 'renderer', 'assets', 'run.exe'), 'SECRET')
  files = await listPackedFiles(join(root, 'renderer'))
  await writeFile(join(root, 'renderer', 'late.html'), 'SECRET')
})
afterAll(() => rm(root, { recursive: true }))

const get = (url: string, method = 'GET') => answerFor({ url, method }, files)

describe('app protocol', () => {
  it('lists the files once, by known kinds only', () => {
    expect([...files.keys()].sort()).toEqual(['/', '/assets/app.js', '/index.html'])
  })

  it.each([
    ['app://counterfoil/', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://counterfoil/index.html?x#/customers', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://counterfoil/assets/app.js', 'text/javascript; charset=utf-8', 'export {}'],
  ])('serves %s with its type and the security headers', async (url, type, body) => {
    const answer = await get(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(body)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-security-policy')).toBe(policyText(CONTENT_SECURITY_POLICY))
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  it.each([
    ['a file that came later', 'app://counterfoil/late.html', 404],
    ['a file of no known kind', 'app://counterfoil/assets/run.exe', 404],
    ['a source map', 'app://counterfoil/assets/app.js.map', 404],
    ['a folder', 'app://counterfoil/assets', 404],
    ['a way up', 'app://counterfoil/../secret.txt', 404],
    ['an encoded way up', 'app://counterfoil/%2e%2e/secret.txt', 404],
    ['an encoded slash', 'app://counterfoil/..%2fsecret.txt', 404],
    ['a backslash', 'app://counterfoil/..\\secret.txt', 404],
    ['an inherited name', 'app://counterfoil/constructor', 404],
    ['another host', 'app://other/index.html', 403],
    ['another scheme', 'https://counterfoil/index.html', 403],
    ['no address', 'index.html', 403],
  ])('does not serve %s', async (_name, url, status) => {
    const answer = await get(url)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toBe('')
  })

  it('answers reads only', async () => {
    expect((await get('app://counterfoil/index.html', 'POST')).status).toBe(405)
    const head = await get('app://counterfoil/index.html', 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('serves nothing outside the list, whatever the address', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      'secret.txt',
      'index.html',
      'assets',
      '\0',
      '//',
      ':',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const answer = await get(`app://counterfoil/${pieces.join('')}`)
        expect(await answer.text()).not.toContain('SECRET')
      }),
    )
  })

  it('registers the scheme as standard and secure, and with no way around the policy', () => {
    registerAppScheme({
      registerSchemesAsPrivileged: ([scheme, ...others]) => {
        expect(others).toEqual([])
        expect(scheme).toEqual({
          scheme: 'app',
          privileges: { standard: true, secure: true, supportFetchAPI: true },
        })
      },
    })
    expect.assertions(2)
  })
})
