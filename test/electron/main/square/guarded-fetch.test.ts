import { afterEach, describe, expect, test } from 'vitest'
import { AnswerRefused } from '#main/square/answer-refused.ts'
import { createGuardedFetch } from '#main/square/guarded-fetch.ts'
import { toFailure } from '#main/square/failure-mapper.ts'
import { closeAll } from './square-fixture.ts'

afterEach(closeAll)

const home = 'https://connect.square.example'

/** A guarded fetch that notes what got through to the network. */
function guarded(answer: () => Response = () => Response.json({ ok: true })) {
  const sent: { url: string; init: RequestInit }[] = []
  const fetch = createGuardedFetch({
    baseUrl: home,
    fetch: async (url, init) => {
      sent.push({ url, init })
      return answer()
    },
  })
  return { fetch, sent }
}

describe('where the token goes', () => {
  test.each([
    'https://elsewhere.example/v2/customers',
    'http://connect.square.example/v2',
    'https://connect.square.example:8443/v2',
    'https://connect.square.example.evil.example/',
  ])('not to %s', async (url) => {
    const { fetch, sent } = guarded()
    const error = await fetch(url, { headers: { authorization: 'Bearer t' } }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(AnswerRefused)
    expect(toFailure(error)).toEqual({ kind: 'not-sent', reason: 'refused' })
    expect(sent).toEqual([])
  })

  test('plain HTTP is for loopback only', () => {
    const make = (baseUrl: string) => () => createGuardedFetch({ baseUrl, fetch })
    expect(make('http://connect.square.example')).toThrow('HTTPS')
    expect(make('http://127.0.0.1:8080')).not.toThrow()
    expect(make('http://localhost:8080')).not.toThrow()
  })
})

describe('manners', () => {
  test('no redirects, no cookies, no cache; method, headers and body as given', async () => {
    const { fetch, sent } = guarded()
    await fetch(`${home}/v2/x`, { method: 'POST', headers: { a: 'b' }, body: '{}' })
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      headers: { a: 'b' },
      body: '{}',
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    })
  })

  test('only the headers we read are passed on, the Date among them', async () => {
    const { fetch } = guarded(() =>
      Response.json(
        {},
        {
          status: 404,
          headers: { date: 'Wed, 04 Mar 2026 09:00:00 GMT', 'set-cookie': 'a=b', 'content-encoding': 'gzip' },
        },
      ),
    )
    const answer = await fetch(`${home}/v2/x`, {})
    expect(answer.status).toBe(404)
    expect([...answer.headers.keys()]).toEqual(['content-type', 'date'])
  })

  test('the caller can break it off; network errors come through as they are', async () => {
    const broken = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const { fetch } = guarded(() => {
      throw broken
    })
    await expect(fetch(`${home}/v2/x`, {})).rejects.toBe(broken)
    const patient = createGuardedFetch({
      baseUrl: home,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) =>
          init.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    })
    const stop = new AbortController()
    const waiting = patient(`${home}/v2/x`, { signal: stop.signal })
    stop.abort()
    await expect(waiting).rejects.toThrow('aborted')
  })
})
