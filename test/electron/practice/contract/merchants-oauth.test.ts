import { expect, test } from 'vitest'
import { challengeOf } from '#practice/practice-application.ts'
import { APPLICATION, eachFace, REDIRECT, refusal } from './square-faces.ts'

eachFace(
  'merchants and locations',
  ['GET /v2/merchants', 'GET /v2/merchants/{}', 'GET /v2/locations', 'GET /v2/locations/{}'],
  (open) => {
    test('the merchant of the token, and its location', async () => {
      const { square, model } = await open({ merchant: { country: 'IE', business_name: 'Paper & Twine' } })
      const { merchant } = await square.merchants.get({ merchantId: 'me' })
      expect(merchant).toMatchObject({ id: model.merchant.id, country: 'IE', businessName: 'Paper & Twine' })
      expect((await square.merchants.list()).data).toEqual([merchant])
      const { location } = await square.locations.get({ locationId: 'main' })
      expect(location).toMatchObject({ id: merchant!.mainLocationId, merchantId: merchant!.id })
      expect((await square.locations.list()).locations).toEqual([location])
      expect(await refusal(square.merchants.get({ merchantId: 'other' }))).toMatch(/^404 NOT_FOUND/)
    })
  },
)

const VERIFIER = 'the-verifier-that-only-this-application-knows'
const SIGN_IN = {
  client_id: APPLICATION.clientId,
  scope: 'CUSTOMERS_READ MERCHANT_PROFILE_READ',
  state: 'st',
  redirect_uri: REDIRECT,
  code_challenge: challengeOf(VERIFIER),
}

eachFace(
  'sign-in',
  ['GET /v2/customers', 'POST /oauth2/token', 'POST /oauth2/token/status', 'POST /oauth2/revoke'],
  (open) => {
    async function signedIn() {
      const faced = await open()
      const back = await faced.consent(SIGN_IN)
      const code = back.searchParams.get('code')!
      const exchange = () =>
        faced.square.oAuth.obtainToken({
          clientId: APPLICATION.clientId,
          grantType: 'authorization_code',
          code,
          codeVerifier: VERIFIER,
          redirectUri: REDIRECT,
        })
      const refresh = (refreshToken: string) =>
        faced.square.oAuth.obtainToken({
          clientId: APPLICATION.clientId,
          grantType: 'refresh_token',
          refreshToken,
        })
      return { ...faced, back, exchange, refresh }
    }

    test('authorize, token, use', async () => {
      const { back, exchange, as, model } = await signedIn()
      expect(back.href.startsWith(`${REDIRECT}?code=`)).toBe(true)
      expect(back.searchParams.get('state')).toBe('st')
      const tokens = await exchange()
      expect(tokens).toMatchObject({
        tokenType: 'bearer',
        merchantId: model.merchant.id,
        expiresAt: '2026-04-03T09:00:00Z',
        refreshTokenExpiresAt: '2026-06-02T09:00:00Z',
        shortLived: false,
      })
      const mine = as(tokens.accessToken!)
      expect((await mine.customers.list()).data).toEqual([])
      expect(await refusal(mine.customers.create({ givenName: 'Ann' }))).toBe('403 INSUFFICIENT_SCOPES')
      expect(await mine.oAuth.retrieveTokenStatus()).toEqual({
        scopes: ['CUSTOMERS_READ', 'MERCHANT_PROFILE_READ'],
        expiresAt: '2026-04-03T09:00:00Z',
        clientId: APPLICATION.clientId,
        merchantId: model.merchant.id,
      })
      expect(await refusal(exchange())).toBe('401 UNAUTHORIZED')
    })

    test('a refresh token is good once', async () => {
      const { exchange, refresh, as } = await signedIn()
      const first = await exchange()
      const second = await refresh(first.refreshToken!)
      expect(second.refreshToken).not.toBe(first.refreshToken)
      expect(await refusal(refresh(first.refreshToken!))).toBe('401 UNAUTHORIZED')
      expect((await as(second.accessToken!).customers.list()).data).toEqual([])
    })

    test('revoked by whoever has the secret', async () => {
      const { square, exchange, refresh, as } = await signedIn()
      const { accessToken, refreshToken } = await exchange()
      const what = { clientId: APPLICATION.clientId, accessToken: accessToken! }
      expect(await refusal(square.oAuth.revokeToken(what))).toBe('401 UNAUTHORIZED')
      const withSecret = { headers: { Authorization: `Client ${APPLICATION.secret}` } }
      expect(await square.oAuth.revokeToken(what, withSecret)).toMatchObject({ success: true })
      expect(await refusal(as(accessToken!).customers.list())).toBe('401 ACCESS_TOKEN_REVOKED')
      expect(await refusal(as(accessToken!).oAuth.retrieveTokenStatus())).toBe('401 UNAUTHORIZED')
      expect(await refusal(refresh(refreshToken!))).toBe('401 UNAUTHORIZED')
    })
  },
)
