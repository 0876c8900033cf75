import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { startPracticeServer, type PracticeServer, type PracticeServerOptions } from '#practice/server.ts'
import { practice, T0 } from './practice-fixture.ts'

const running: PracticeServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function serve(options: Partial<PracticeServerOptions> = {}) {
  const { model } = practice()
  const started = await startPracticeServer({ model, now: () => T0, ...options })
  if (started.kind === 'failed') throw new Error(started.reason)
  running.push(started.server)
  return { model, server: started.server }
}
const headers = { authorization: 'Bearer practice-token', 'content-type': 'application/json' }
const create = (url: string, body: unknown = { given_name: 'Ann', idempotency_key: 'k' }) =>
  fetch(`${url}/v2/customers`, { method: 'POST', headers, body: JSON.stringify(body) })
/** The code of the network error a request ends with; `answered` if it does not. */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'answered'
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return cause?.code ?? String(error)
  }
}

describe('over HTTP', () => {
  test('answers on loopback with its own clock', async () => {
    const { server } = await serve()
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const response = await create(server.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(Date.parse(response.headers.get('date') ?? '')).toBe(Math.floor(T0 / 1000) * 1000)
    expect(await response.json()).toMatchObject({ customer: { id: 'C1' } })
  })

  test('bodies that are not JSON get an answer, not a crash', async () => {
    const { server } = await serve()
    const response = await fetch(`${server.url}/v2/customers`, {
      method: 'POST',
      headers,
      body: '{"given_name',
    })
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ code: 'EXPECTED_JSON_BODY' }] },
    ])
    expect((await fetch(`${server.url}/v2/customers`, { headers: {} })).status).toBe(401)
    expect((await fetch(`${server.url}/elsewhere`, { headers })).status).toBe(404)
  })

  test('whatever cannot be read as a request is answered in Square’s envelope', async () => {
    const { server } = await serve()
    const asking = (method: string, path: string, contentType = 'application/json') =>
      new Promise<string>((resolve, reject) => {
        const { port } = new URL(server.url)
        const body = method === 'POST' ? '{"given_name":"Ann"}' : ''
        const sent = httpRequest(
          {
            port,
            host: '127.0.0.1',
            method,
            path,
            headers: { ...headers, 'content-type': contentType, 'content-length': body.length },
          },
          (answer) => {
            let text = ''
            answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
            answer.on('end', () => {
              const { errors } = JSON.parse(text) as { errors?: { code: string }[] }
              resolve(`${answer.statusCode} ${errors?.[0]?.code ?? 'ok'}`)
            })
          },
        )
        sent.once('error', reject).end(body)
      })
    expect(await asking('GET', '/v2/customers/%E0%A4%A')).toBe('400 BAD_REQUEST')
    expect(await asking('PROPFIND', '/v2/customers')).toBe('405 METHOD_NOT_ALLOWED')
    expect(await asking('GET', '//v2/customers')).toBe('404 NOT_FOUND')
    expect(await asking('GET', `/v2/customers/${'x'.repeat(2000)}`)).toBe('404 NOT_FOUND')
    expect(await asking('POST', '/v2/customers', 'nonsense')).toBe('415 UNSUPPORTED_MEDIA_TYPE')
    expect(await asking('POST', '/v2/customers', 'text/plain')).toBe('200 ok')
  })

  test('another Host is turned away (DNS rebinding)', async () => {
    const { server } = await serve()
    const { port } = new URL(server.url)
    const asking = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = httpRequest(
          { port, host: '127.0.0.1', path: '/v2/customers', headers: { ...headers, host } },
          (answer) => {
            answer.resume()
            resolve(answer.statusCode)
          },
        )
        sent.once('error', reject).end()
      })
    expect(await asking(`localhost:${port}`)).toBe(200)
    expect(await asking(`evil.example:${port}`)).toBe(421)
    expect(await asking('127.0.0.1')).toBe(421)
  })

  test('a taken port is a value, not an exception', async () => {
    const { server, model } = await serve()
    const port = Number(new URL(server.url).port)
    expect(await startPracticeServer({ model, now: () => T0, port })).toMatchObject({
      kind: 'failed',
      reason: 'port-taken',
    })
  })
})

describe('the line', () => {
  test('down: refused; up: the same address again, nothing forgotten', async () => {
    const { server } = await serve()
    await create(server.url)
    await server.setLine(false)
    expect(server.lineUp()).toBe(false)
    // The client may first find the broken connection it had kept open; then nobody listens.
    expect(await failure(fetch(server.url))).toMatch(/ECONNREFUSED|UND_ERR_SOCKET|ECONNRESET/)
    expect(await failure(fetch(server.url))).toBe('ECONNREFUSED')
    await server.setLine(true)
    expect(await (await fetch(`${server.url}/v2/customers/C1`, { headers })).json()).toMatchObject({
      customer: { id: 'C1' },
    })
  })

  test('going down breaks what is under way; toggling in a hurry ends as last said', async () => {
    const { server } = await serve()
    server.faults.add([{ kind: 'delay', ms: 60_000 }])
    const waiting = failure(create(server.url))
    while (server.log.requests().length === 0) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([server.setLine(false), server.setLine(true), server.setLine(false)])
    expect(await waiting).not.toBe('answered')
    expect(server.lineUp()).toBe(false)
  })

  test('a lost answer was applied, a dropped request was not', async () => {
    const { model, server } = await serve()
    server.faults.add([{ kind: 'drop' }, { kind: 'lose-answer' }])
    expect(await failure(create(server.url))).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    expect(model.customers()).toHaveLength(0)
    expect(await failure(create(server.url))).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    expect(model.customers()).toHaveLength(1)
    expect((await create(server.url)).status).toBe(200)
    expect(server.log.createdByKey()).toEqual({ k: 1 })
    expect(server.log.requests().map(({ outcome, effects }) => [outcome, effects.length])).toEqual([
      ['dropped', 0],
      ['lost', 1],
      [200, 0],
    ])
  })
})

describe('what the host is told', () => {
  test('beforeAnswer is over before the answer leaves, and only after changes', async () => {
    const order: string[] = []
    const { server } = await serve({
      beforeAnswer: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        order.push('kept')
      },
    })
    await create(server.url)
    order.push('answered')
    await fetch(`${server.url}/v2/customers`, { headers })
    expect(order).toEqual(['kept', 'answered'])
  })

  test('a host that cannot keep a change answers 500, in no words of its own', async () => {
    const { server } = await serve({ beforeAnswer: () => Promise.reject(new Error('disk full at /secret')) })
    const response = await create(server.url)
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ category: 'API_ERROR', code: 'INTERNAL_SERVER_ERROR' }],
    })
    expect(text).not.toContain('secret')
  })

  test('a body beyond all measure is a 413', async () => {
    const { server } = await serve()
    expect((await create(server.url, { note: 'x'.repeat(1_100_000) })).status).toBe(413)
  })

  test('the log tells key, version and tag', async () => {
    const { server } = await serve()
    await create(server.url)
    const tagged = { ...headers, 'practice-tag': 'one' }
    await fetch(`${server.url}/v2/customers/C1`, {
      method: 'PUT',
      headers: tagged,
      body: '{"version":0,"note":"x"}',
    })
    await fetch(`${server.url}/v2/customers/C1?version=1`, { method: 'DELETE', headers })
    expect(server.log.requests()).toMatchObject([
      {
        method: 'POST',
        idempotencyKey: 'k',
        version: null,
        outcome: 200,
        effects: [{ kind: 'create', id: 'C1' }],
      },
      { method: 'PUT', version: '0', tag: 'one', effects: [{ kind: 'update' }] },
      { method: 'DELETE', version: '1', effects: [{ kind: 'delete' }] },
    ])
  })
})
