import { afterEach, expect, test } from 'vitest'
import { challengeOf, practiceOAuth } from '#practice/practice-application.ts'
import { PRACTICE_APPLICATION } from '#practice/options.ts'
import { startPracticeServer, type PracticeServer } from '#practice/server.ts'
import { practice, T0 } from './practice-fixture.ts'

const running: PracticeServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function page(query: Record<string, string>) {
  const { model } = practice({ otherMerchants: [{ id: 'OTHER' }] })
  const started = await startPracticeServer({ model, oauth: practiceOAuth(model), now: () => T0 })
  if (started.kind === 'failed') throw new Error(started.detail)
  running.push(started.server)
  const at = `${started.server.url}/oauth2/authorize`
  const response = await fetch(`${at}?${new URLSearchParams(query)}`, { redirect: 'manual' })
  return { at, response, html: await response.text(), server: started.server }
}
const GOOD = {
  client_id: PRACTICE_APPLICATION,
  scope: 'CUSTOMERS_READ',
  redirect_uri: 'http://localhost:5/done',
}
const VERIFIER = 'v'.repeat(64)
const GOOD_PKCE = { ...GOOD, code_challenge: challengeOf(VERIFIER) }

test('asks the seller, names the rights and the merchants, runs no script', async () => {
  const { response, html } = await page(GOOD)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  for (const words of [PRACTICE_APPLICATION, 'CUSTOMERS_READ', 'OTHER', 'Allow', 'Deny'])
    expect(html).toContain(words)
})

test('denied: back to the application without a code', async () => {
  const { at, html } = await page(GOOD)
  const ticket = /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const deny = () =>
    fetch(at, {
      method: 'POST',
      body: new URLSearchParams({ ticket, merchant_id: 'OTHER', decision: 'deny' }),
      redirect: 'manual',
    })
  const answered = await deny()
  expect([answered.status, answered.headers.get('location')]).toEqual([
    302,
    'http://localhost:5/done?error=access_denied&error_description=user_denied',
  ])
  expect((await deny()).status).toBe(404)
})

test.each([
  [{ ...GOOD, client_id: '<script>' }, 404],
  [{ ...GOOD, redirect_uri: 'https://evil.example/' }, 400],
])('%j stays here: a page, no redirect, nothing of it repeated', async (query, status) => {
  const { response, html } = await page(query)
  expect(response.status).toBe(status)
  expect(response.headers.get('location')).toBeNull()
  expect(html).not.toMatch(/<script>|evil\.example/)
})

test('faults reach sign-in, too: the answer to a refresh is lost, and the token is used up', async () => {
  const { at, html, server } = await page(GOOD_PKCE)
  const ticket = /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const body = new URLSearchParams({ ticket, merchant_id: 'OTHER', decision: 'allow' })
  const answered = await fetch(at, { method: 'POST', body, redirect: 'manual' })
  const code = new URL(answered.headers.get('location') ?? '').searchParams.get('code')
  const ask = async (fields: Record<string, unknown>) => {
    const response = await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: PRACTICE_APPLICATION, ...fields }),
    })
    return { status: response.status, ...((await response.json()) as { refresh_token?: string }) }
  }
  const { refresh_token } = await ask({
    grant_type: 'authorization_code',
    code,
    code_verifier: VERIFIER,
    redirect_uri: GOOD.redirect_uri,
  })
  server.faults.add([{ kind: 'lose-answer', path: '/oauth2/token$' }])
  await expect(ask({ grant_type: 'refresh_token', refresh_token })).rejects.toThrow()
  expect(await ask({ grant_type: 'refresh_token', refresh_token })).toMatchObject({ status: 401 })
  expect(server.log.requests().map(({ path, outcome }) => `${path} ${outcome}`)).toEqual([
    '/oauth2/token 200',
    '/oauth2/token lost',
    '/oauth2/token 401',
  ])
})
