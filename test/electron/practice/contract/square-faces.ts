import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SquareClient, SquareError } from 'square'
import type { PracticeModel } from '#practice/model.ts'
import { createOAuth, type OAuth } from '#practice/oauth.ts'
import { ALL_SCOPES, PRACTICE_TOKEN, type PracticeModelOptions } from '#practice/options.ts'
import { challengeOf } from '#practice/practice-application.ts'
import { startPracticeServer } from '#practice/server.ts'
import { practice, T0 } from '../practice-fixture.ts'

export const APPLICATION = { clientId: 'contract-app', secret: 'contract-secret' }
export const REDIRECT = 'http://127.0.0.1:4711/callback'

/** The official SDK before a practice Square, and the hand behind it. */
export interface Faced {
  readonly square: SquareClient
  readonly model: PracticeModel
  readonly clock: { now: number }
  /** The same Square for somebody with another token, or without one. */
  as(token: string): SquareClient
  /** Where the browser ends when the seller says yes to a sign-in of the application. */
  consent(query: Readonly<Record<string, string>>): Promise<URL>
  call(): { now: number }
}
export type Open = (options?: Partial<PracticeModelOptions>) => Promise<Faced>

interface Behind {
  readonly model: PracticeModel
  readonly oauth: OAuth
  readonly clock: { now: number }
}
/** How requests reach the model. */
interface Face {
  readonly baseUrl: string
  readonly fetch: typeof fetch
  close(): Promise<void>
}

/** No wire at all: each request is a call of the model. */
async function overTheModel({ model, oauth, clock }: Behind): Promise<Face> {
  return {
    baseUrl: 'http://model.invalid',
    close: () => Promise.resolve(),
    async fetch(input, init) {
      const asked = new Request(input, init)
      const url = new URL(asked.url)
      if (url.pathname === '/oauth2/authorize') return consentWithoutPage(oauth, url.searchParams, clock.now)
      const request = {
        method: asked.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(asked.headers),
        body: (await asked.text()) || null,
      }
      const call = { now: clock.now }
      const { status, headers, body } = oauth.handle(request, call.now) ?? model.handle(request, call)
      return new Response(JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json', ...headers },
      })
    },
  }
}

function consentWithoutPage(oauth: OAuth, query: URLSearchParams, now: number): Response {
  const asked = oauth.ask(Object.fromEntries(query))
  if (asked.kind === 'refused') throw new Error(JSON.stringify(asked.errors))
  const word = { ticket: asked.value.ticket, merchantId: oauth.merchantIds()[0]!, allowed: true }
  const answered = oauth.answer(word, now)
  if (answered.kind === 'refused') throw new Error(JSON.stringify(answered.errors))
  return new Response(null, { status: 302, headers: { location: answered.value } })
}

async function overHttp({ model, oauth, clock }: Behind): Promise<Face> {
  const started = await startPracticeServer({ model, oauth, now: () => clock.now })
  if (started.kind === 'failed') throw new Error(started.detail)
  const { server } = started
  return { baseUrl: server.url, fetch, close: () => server.close() }
}

const FACES = { 'the pure model': overTheModel, HTTP: overHttp }

/**
 * Runs a suite of the official SDK over each face. `endpoints` (`GET /v2/customers/{}`) must all have been answered with
 * success by the end, and nothing else may have been asked.
 */
export function eachFace(name: string, endpoints: readonly string[], suite: (open: Open) => void): void {
  describe.each(Object.entries(FACES))(`${name}, over %s`, (_face, faceOf) => {
    const answered = new Set<string>()
    const closing: (() => Promise<void>)[] = []
    let Client: typeof SquareClient
    // Unbundled it is some two thousand files: no test should pay for that with its own time limit.
    beforeAll(async () => {
      Client = (await import('square')).SquareClient
    }, 60_000)
    afterEach(async () => {
      for (const close of closing.splice(0)) await close()
    })

    suite(async (options = {}) => {
      const { model } = practice({
        tokens: { [PRACTICE_TOKEN]: { scopes: ALL_SCOPES, state: 'valid' } },
        ...options,
      })
      let secrets = 0
      const oauth = createOAuth({
        office: model,
        applications: [{ ...APPLICATION, redirectUrls: [] }],
        merchantIds: () => model.sellers().map(({ merchant }) => merchant.id),
        newSecret: () => `secret-${(secrets += 1)}`,
        challengeOf,
      })
      const clock = { now: T0 }
      const face = await faceOf({ model, oauth, clock })
      closing.push(face.close)
      const noting: typeof fetch = async (input, init) => {
        const response = await face.fetch(input, init)
        if (response.ok) answered.add(endpointOf(endpoints, new Request(input, init)))
        return response
      }
      const as = (token: string) => new Client({ token, baseUrl: face.baseUrl, maxRetries: 0, fetch: noting })
      return {
        square: as(PRACTICE_TOKEN),
        model,
        clock,
        as,
        call: () => ({ now: clock.now }),
        consent: (query) => signInAt(face, query),
      }
    })

    test('every endpoint was answered', () => {
      expect([...answered].sort()).toEqual([...endpoints].sort())
    })
    afterAll(() => answered.clear())
  })
}

function endpointOf(endpoints: readonly string[], { method, url }: Request): string {
  const asked = `${method} ${new URL(url).pathname}`
  const matches = (endpoint: string) => new RegExp(`^${endpoint.replaceAll('{}', '[^/]+')}$`).test(asked)
  return endpoints.find((endpoint) => endpoint === asked) ?? endpoints.find(matches) ?? asked
}

/** As a browser would: the page, its form, the address it leads to. */
async function signInAt(face: Face, query: Readonly<Record<string, string>>): Promise<URL> {
  const at = `${face.baseUrl}/oauth2/authorize`
  const opened = await face.fetch(`${at}?${new URLSearchParams(query)}`)
  if (opened.status === 302) return new URL(opened.headers.get('location') ?? '')
  const page = await opened.text()
  const form = new URLSearchParams({
    ticket: /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '',
    merchant_id: /<option>([^<]+)</.exec(page)?.[1] ?? '',
    decision: 'allow',
  })
  const answered = await face.fetch(at, { method: 'POST', body: form, redirect: 'manual' })
  return new URL(answered.headers.get('location') ?? '')
}

/** Status, code and field of the error the SDK throws. */
export async function refusal(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work
    return 'answered'
  } catch (error) {
    const { statusCode, errors } = error as SquareError
    const [first] = errors ?? []
    return [statusCode, first?.code, first?.field]
      .filter((part) => part !== undefined && part !== null)
      .join(' ')
  }
}
