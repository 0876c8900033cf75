import { describe, expect, test } from 'vitest'
import { createOAuth } from '#practice/oauth.ts'
import { challengeOf } from '#practice/practice-application.ts'
import { practice, request, T0 } from './practice-fixture.ts'

const DAY = 86_400_000
const VERIFIER = 'v'.repeat(43)
const REDIRECT = 'http://127.0.0.1:4711/callback'

/** A model without tokens, an application, two merchants, and a clock that is moved by hand. */
function signIn() {
  const { model } = practice({ tokens: {}, otherMerchants: [{ id: 'OTHER' }] })
  const merchantIds = [model.merchant.id, 'OTHER']
  let made = 0
  const oauth = createOAuth({
    office: model,
    applications: [
      { clientId: 'app', secret: 'app-secret', redirectUrls: ['https://app.example/done?from=square'] },
      { clientId: 'other-app', secret: 'other-secret', redirectUrls: [] },
    ],
    merchantIds: () => merchantIds,
    newSecret: () => `S${(made += 1)}`,
    challengeOf,
  })
  const clock = { now: T0 }
  const post = (path: string, body: unknown, authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const response = oauth.handle(request('POST', path, body, { headers }), clock.now)
    if (!response) throw new Error('not an OAuth path')
    const { status, body: answer } = response
    const code = (answer as { errors?: { code: string; field?: string }[] }).errors?.[0]
    return {
      status,
      answer: answer as Record<string, unknown>,
      code: code && [code.code, code.field].filter(Boolean).join(' '),
    }
  }
  const ask = (query: Record<string, string> = {}) =>
    oauth.ask({
      client_id: 'app',
      scope: 'CUSTOMERS_READ MERCHANT_PROFILE_READ',
      state: 'st',
      redirect_uri: REDIRECT,
      code_challenge: challengeOf(VERIFIER),
      ...query,
    })
  const consent = (query: Record<string, string> = {}, merchantId = merchantIds[0]!, allowed = true) => {
    const asked = ask(query)
    if (asked.kind === 'refused') throw new Error(JSON.stringify(asked.errors))
    const answered = oauth.answer({ ticket: asked.value.ticket, merchantId, allowed }, clock.now)
    if (answered.kind === 'refused') throw new Error(JSON.stringify(answered.errors))
    return new URL(answered.value)
  }
  const exchange = (code: string, more: Record<string, unknown> = {}) =>
    post('/oauth2/token', {
      client_id: 'app',
      grant_type: 'authorization_code',
      code,
      code_verifier: VERIFIER,
      redirect_uri: REDIRECT,
      ...more,
    })
  const newCode = (query: Record<string, string> = {}, merchantId?: string) =>
    consent(query, merchantId).searchParams.get('code')!
  const refresh = (refresh_token: unknown, more: Record<string, unknown> = {}) =>
    post('/oauth2/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token, ...more })
  const use = (token: unknown) =>
    model.handle(
      request('GET', '/v2/customers', undefined, { headers: { authorization: `Bearer ${String(token)}` } }),
      { now: clock.now },
    )
  return { oauth, model, clock, post, ask, consent, exchange, newCode, refresh, use }
}

describe('authorize', () => {
  test('allowed: back to the application with a code and its state', () => {
    const url = signIn().consent()
    expect(url.href.startsWith(`${REDIRECT}?`)).toBe(true)
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: 'S2', response_type: 'code', state: 'st' })
  })

  test('denied: back without one', () => {
    const url = signIn().consent({}, undefined, false)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'user_denied',
      state: 'st',
    })
  })

  test('a registered address keeps its own parameters and need not be named', () => {
    const { oauth, clock } = signIn()
    const asked = oauth.ask({ client_id: 'app', scope: 'CUSTOMERS_READ' })
    if (asked.kind === 'refused') throw new Error('refused')
    const answer = oauth.answer({ ticket: asked.value.ticket, merchantId: 'OTHER', allowed: true }, clock.now)
    expect(answer).toMatchObject({
      value: expect.stringMatching(/^https:\/\/app\.example\/done\?from=square&code=/),
    })
  })

  test('without scope an application gets nothing about customers', () => {
    const asked = signIn().oauth.ask({ client_id: 'app' })
    expect(asked).toMatchObject({ value: { scopes: expect.not.arrayContaining(['CUSTOMERS_READ']) } })
  })

  test.each([
    [{ client_id: 'nobody' }, 'client_id'],
    [{ redirect_uri: 'https://evil.example/' }, 'redirect_uri'],
    [{ redirect_uri: 'http://127.0.0.1.evil.example/' }, 'redirect_uri'],
    [{ redirect_uri: 'counterfoil://callback' }, 'redirect_uri'],
    [{ redirect_uri: 'http://127.0.0.1@evil.example/' }, 'redirect_uri'],
    [{ code_challenge: 'short' }, 'code_challenge'],
    [{ scope: 'drop table' }, 'scope'],
    [{ scope: '' }, 'scope'],
  ])('%j stays with the seller', (query, field) => {
    expect(signIn().ask(query)).toMatchObject({ kind: 'refused', errors: [{ field }] })
  })

  test('one word per question', () => {
    const { ask, oauth } = signIn()
    const asked = ask()
    if (asked.kind === 'refused') throw new Error('refused')
    const word = { ticket: asked.value.ticket, merchantId: 'OTHER', allowed: true }
    expect(oauth.answer({ ...word, merchantId: 'NOBODY' }, T0).kind).toBe('refused')
    expect(oauth.answer(word, T0).kind).toBe('ok')
    expect(oauth.answer(word, T0).kind).toBe('refused')
  })
})

describe('a code for tokens', () => {
  test('PKCE: 30 days, a refresh token of 90, and the rights that were allowed', () => {
    const { exchange, newCode, use, clock } = signIn()
    const { status, answer } = exchange(newCode({}, 'OTHER'))
    expect(status).toBe(200)
    expect(answer).toEqual({
      access_token: 'S3',
      token_type: 'bearer',
      expires_at: '2026-04-03T09:00:00Z',
      merchant_id: 'OTHER',
      refresh_token: 'S4',
      short_lived: false,
      refresh_token_expires_at: '2026-06-02T09:00:00Z',
    })
    expect(use('S3').status).toBe(200)
    clock.now += 30 * DAY
    expect(use('S3').body).toMatchObject({ errors: [{ code: 'ACCESS_TOKEN_EXPIRED' }] })
  })

  test('its customers are those of the merchant who signed in', () => {
    const { exchange, newCode, model, use } = signIn()
    model.seller('OTHER')?.colleague.create({ given_name: 'Ann' }, { now: T0 })
    const other = exchange(newCode({}, 'OTHER')).answer['access_token']
    const first = exchange(newCode()).answer['access_token']
    expect(use(other).body).toMatchObject({ customers: [{ given_name: 'Ann' }] })
    expect(use(first).body).toEqual({})
  })

  test('short-lived: a day', () => {
    const { exchange, newCode } = signIn()
    expect(exchange(newCode(), { short_lived: true }).answer).toMatchObject({
      short_lived: true,
      expires_at: '2026-03-05T09:00:00Z',
    })
  })

  test('a code brings no rights that were not allowed', () => {
    const { exchange, newCode, post } = signIn()
    const { access_token } = exchange(newCode(), { scopes: ['CUSTOMERS_WRITE', 'CUSTOMERS_READ'] }).answer
    expect(post('/oauth2/token/status', {}, `Bearer ${String(access_token)}`).answer).toMatchObject({
      scopes: ['CUSTOMERS_READ'],
    })
  })

  test('use_jwt: a token in three parts, used like any other', () => {
    const { exchange, newCode, use } = signIn()
    const token = String(exchange(newCode(), { use_jwt: true }).answer['access_token'])
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(JSON.parse(atob(token.split('.')[0]!))).toMatchObject({ typ: 'JWT' })
    expect(use(token).status).toBe(200)
  })

  test('once, within five minutes', () => {
    const { exchange, newCode, clock } = signIn()
    const code = newCode()
    expect(exchange(code).status).toBe(200)
    expect(exchange(code)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    const late = newCode()
    clock.now += 5 * 60_000
    expect(exchange(late).status).toBe(401)
  })

  test.each([
    [{ code: 'S99' }, 401, 'UNAUTHORIZED'],
    [{ code_verifier: 'w'.repeat(43) }, 401, 'UNAUTHORIZED'],
    [{ code_verifier: undefined }, 401, 'UNAUTHORIZED'],
    [{ code_verifier: undefined, client_secret: 'app-secret' }, 401, 'UNAUTHORIZED'],
    [{ redirect_uri: 'http://127.0.0.1:1/' }, 401, 'UNAUTHORIZED'],
    [{ redirect_uri: undefined }, 401, 'UNAUTHORIZED'],
    [{ client_id: 'other-app' }, 401, 'UNAUTHORIZED'],
    [{ client_id: 'nobody' }, 401, 'UNAUTHORIZED'],
    [{ client_id: undefined }, 400, 'MISSING_REQUIRED_PARAMETER client_id'],
    [{ grant_type: undefined }, 400, 'MISSING_REQUIRED_PARAMETER grant_type'],
    [{ grant_type: 'password' }, 400, 'INVALID_ENUM_VALUE grant_type'],
    [{ grant_type: 'migration_token' }, 400, 'MISSING_REQUIRED_PARAMETER migration_token'],
    [{ grant_type: 'migration_token', migration_token: 'S3' }, 401, 'UNAUTHORIZED'],
    [{ migration_token: 5 }, 400, 'EXPECTED_STRING migration_token'],
    [{ use_jwt: 'yes' }, 400, 'EXPECTED_BOOLEAN use_jwt'],
    [{ code: 5 }, 400, 'EXPECTED_STRING code'],
    [{ scopes: 'ALL' }, 400, 'EXPECTED_ARRAY scopes'],
    [{ short_lived: 'yes' }, 400, 'EXPECTED_BOOLEAN short_lived'],
    [{ token: 'x' }, 400, 'BAD_REQUEST token'],
  ])('%j is refused, and the code stays good', (wrong, status, code) => {
    const { exchange, newCode } = signIn()
    const good = newCode()
    expect(exchange(good, wrong)).toMatchObject({ status, code })
    expect(exchange(good).status).toBe(200)
  })

  test('the code flow: with the secret instead of a verifier, and a refresh token that lasts', () => {
    const { oauth, exchange, refresh, clock } = signIn()
    const asked = oauth.ask({ client_id: 'app', scope: 'CUSTOMERS_READ' })
    if (asked.kind === 'refused') throw new Error('refused')
    const answer = oauth.answer({ ticket: asked.value.ticket, merchantId: 'OTHER', allowed: true }, T0)
    const code = new URL((answer as { value: string }).value).searchParams.get('code')!
    const bare = { code_verifier: undefined, redirect_uri: undefined }
    expect(exchange(code, { ...bare, client_secret: 'wrong' }).status).toBe(401)
    const given = exchange(code, { ...bare, client_secret: 'app-secret' }).answer
    expect(given).not.toHaveProperty('refresh_token_expires_at')
    clock.now += 1000 * DAY
    expect(refresh(given['refresh_token']).status).toBe(401)
    for (let n = 0; n < 2; n += 1)
      expect(refresh(given['refresh_token'], { client_secret: 'app-secret' })).toMatchObject({
        status: 200,
        answer: { refresh_token: given['refresh_token'] },
      })
  })
})

describe('a refresh token of PKCE', () => {
  test('is good once and brings a new one; the old access token stays', () => {
    const { exchange, newCode, refresh, use, clock } = signIn()
    const first = exchange(newCode()).answer
    clock.now += DAY
    const second = refresh(first['refresh_token'])
    expect(second).toMatchObject({ status: 200, answer: { expires_at: '2026-04-04T09:00:00Z' } })
    expect(second.answer['refresh_token']).not.toBe(first['refresh_token'])
    expect(refresh(first['refresh_token'])).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect(refresh(second.answer['refresh_token']).status).toBe(200)
    expect([use(first['access_token']).status, use(second.answer['access_token']).status]).toEqual([200, 200])
  })

  test('is over after 90 days', () => {
    const { exchange, newCode, refresh, clock } = signIn()
    const first = exchange(newCode()).answer
    clock.now += 90 * DAY
    expect(refresh(first['refresh_token']).status).toBe(401)
  })

  test('of the rights that are asked for those come that were allowed', () => {
    const { exchange, newCode, refresh, post } = signIn()
    const { refresh_token } = exchange(newCode()).answer
    const asked = { scopes: ['CUSTOMERS_WRITE', 'CUSTOMERS_READ'] }
    const less = refresh(refresh_token, asked).answer
    expect(post('/oauth2/token/status', {}, `Bearer ${String(less['access_token'])}`).answer).toMatchObject({
      scopes: ['CUSTOMERS_READ'],
    })
    // The rights of the sign-in are not lost by it.
    const again = refresh(less['refresh_token']).answer
    expect(post('/oauth2/token/status', {}, `Bearer ${String(again['access_token'])}`).answer).toMatchObject({
      scopes: ['CUSTOMERS_READ', 'MERCHANT_PROFILE_READ'],
    })
  })

  test('belongs to its application', () => {
    const { exchange, newCode, refresh } = signIn()
    const { refresh_token } = exchange(newCode()).answer
    expect(refresh(refresh_token, { client_id: 'other-app' }).status).toBe(401)
    expect(refresh(refresh_token).status).toBe(200)
  })
})

describe('status and revoke', () => {
  test('status tells what a token is good for', () => {
    const { exchange, newCode, post, clock } = signIn()
    const token = `Bearer ${String(exchange(newCode()).answer['access_token'])}`
    expect(post('/oauth2/token/status', {}, token)).toMatchObject({
      status: 200,
      answer: {
        scopes: ['CUSTOMERS_READ', 'MERCHANT_PROFILE_READ'],
        expires_at: '2026-04-03T09:00:00Z',
        client_id: 'app',
      },
    })
    expect(post('/oauth2/token/status', {}).code).toBe('UNAUTHORIZED')
    expect(post('/oauth2/token/status', {}, 'Bearer nobody').code).toBe('UNAUTHORIZED')
    clock.now += 30 * DAY
    expect(post('/oauth2/token/status', {}, token).code).toBe('UNAUTHORIZED')
  })

  const SECRET = 'Client app-secret'

  test('a seller revoked loses everything this application was given', () => {
    const { exchange, newCode, post, use, refresh } = signIn()
    const one = exchange(newCode()).answer
    const two = exchange(newCode()).answer
    const elsewhere = exchange(newCode({}, 'OTHER')).answer
    expect(
      post('/oauth2/revoke', { client_id: 'app', access_token: one['access_token'] }, SECRET),
    ).toMatchObject({
      status: 200,
      answer: { success: true },
    })
    for (const { access_token } of [one, two])
      expect(use(access_token).body).toMatchObject({ errors: [{ code: 'ACCESS_TOKEN_REVOKED' }] })
    expect(refresh(two['refresh_token']).status).toBe(401)
    expect([use(elsewhere['access_token']).status, refresh(elsewhere['refresh_token']).status]).toEqual([
      200, 200,
    ])
    expect(post('/oauth2/revoke', { client_id: 'app', merchant_id: 'OTHER' }, SECRET).status).toBe(200)
    expect(use(elsewhere['access_token']).status).toBe(401)
  })

  test('one access token alone', () => {
    const { exchange, newCode, post, use, refresh } = signIn()
    const { access_token, refresh_token } = exchange(newCode()).answer
    post('/oauth2/revoke', { client_id: 'app', access_token, revoke_only_access_token: true }, SECRET)
    expect(use(access_token).status).toBe(401)
    expect(refresh(refresh_token).status).toBe(200)
  })

  test.each([
    [undefined, { access_token: 'S3' }, 401],
    ['Client wrong', { access_token: 'S3' }, 401],
    ['Bearer S3', { access_token: 'S3' }, 401],
    ['Client other-secret', { client_id: 'other-app', access_token: 'S3' }, 404],
    [SECRET, {}, 400],
    [SECRET, { access_token: 'S3', merchant_id: 'OTHER' }, 400],
    [SECRET, { access_token: 'S99' }, 404],
    [SECRET, { token: 'S3' }, 400],
  ])('%s, %j: %i, and the token stays good', (authorization, body, status) => {
    const { exchange, newCode, post, use } = signIn()
    expect(exchange(newCode()).answer['access_token']).toBe('S3')
    expect(post('/oauth2/revoke', { client_id: 'app', ...body }, authorization).status).toBe(status)
    expect(use('S3').status).toBe(200)
  })
})

test('flag oauthErrors: the other shape that is told of', () => {
  const { model, oauth } = signIn()
  model.setFlags({ oauthErrors: 'message' })
  expect(
    oauth.handle(request('POST', '/oauth2/token', { client_id: 'nobody', grant_type: 'x' }), T0),
  ).toMatchObject({
    status: 401,
    body: { message: 'There is no such application.', type: 'service.not_authorized' },
  })
})

test('everything else is not OAuth’s', () => {
  const { oauth } = signIn()
  expect(oauth.handle(request('GET', '/oauth2/token'), T0)).toBeNull()
  expect(oauth.handle(request('POST', '/v2/customers'), T0)).toBeNull()
})
