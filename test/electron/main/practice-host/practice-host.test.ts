import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLazyPractice } from '#main/practice-host/lazy-practice.ts'
import { startPractice, type RunningPractice } from '#main/practice-host/practice-host.ts'
import type { WireCustomer } from '#practice/wire.ts'
import { recordingLog } from '../../../support/recording-log.ts'

let folder: string
let file: string
let running: RunningPractice[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-practice-'))
  file = join(folder, 'practice-PRACTICE', 'practice-square.json')
})
afterEach(async () => {
  for (const practice of running) await practice.close()
  running = []
  await rm(folder, { recursive: true })
})

async function start(): Promise<RunningPractice> {
  const practice = await startPractice({ file, log: recordingLog().log })
  running.push(practice!)
  return practice!
}
async function ask(
  practice: RunningPractice,
  path: string,
  init: { method?: string; body?: object; token?: string } = {},
) {
  const answer = await fetch(`${practice.baseUrl}${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${init.token ?? practice.token}`, 'content-type': 'application/json' },
    body: init.body ? JSON.stringify(init.body) : null,
  })
  return {
    status: answer.status,
    body: (await answer.json()) as { customers?: WireCustomer[]; customer?: WireCustomer },
  }
}
const all = async (practice: RunningPractice) =>
  (await ask(practice, '/v2/customers?limit=100')).body.customers ?? []
const kept = async () => {
  const { sellers } = JSON.parse(await readFile(file, 'utf8')) as { sellers: { customers: WireCustomer[] }[] }
  return sellers[0]?.customers ?? []
}

describe('practice host', () => {
  it('listens on 127.0.0.1 with a token of its own run and some sixty customers', async () => {
    const practice = await start()
    expect(practice.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await all(practice)).length).toBeGreaterThanOrEqual(60)
    expect((await ask(practice, '/v2/customers', { token: 'practice-token' })).status).toBe(401)
    const other = await start()
    expect(other.token).not.toBe(practice.token)
  })

  it('has a change on disk before its answer leaves, and the same customers after a restart', async () => {
    const first = await start()
    const { body } = await ask(first, '/v2/customers', {
      method: 'POST',
      body: { idempotency_key: 'k', given_name: 'Ada' },
    })
    expect((await kept()).map((customer) => customer.id)).toContain(body.customer!.id)
    const before = await all(first)
    await first.close()
    const second = await start()
    expect(await all(second)).toEqual(before)
  })

  it('sets a file it cannot read aside and begins anew', async () => {
    await (await start()).close()
    await writeFile(file, '{"format":1,')
    expect((await all(await start())).length).toBeGreaterThanOrEqual(60)
    expect(await readdir(join(folder, 'practice-PRACTICE'))).toContain('practice-square.json.unreadable')
  })

  it('cuts the line and mends it', async () => {
    const practice = await start()
    expect(await practice.command({ kind: 'line', up: false })).toEqual({
      available: true,
      lineUp: false,
      answersToLose: 0,
    })
    await expect(all(practice)).rejects.toThrow()
    expect(await practice.command({ kind: 'line', up: true })).toMatchObject({ lineUp: true })
    expect((await all(practice)).length).toBeGreaterThanOrEqual(60)
  })

  it('loses the answer to the next write, which was applied; reads pass', async () => {
    const practice = await start()
    const before = (await all(practice)).length
    expect(await practice.command({ kind: 'lose-next-answer' })).toMatchObject({ answersToLose: 1 })
    expect(await all(practice)).toHaveLength(before)
    const create = { method: 'POST', body: { idempotency_key: 'k', given_name: 'Ada' } }
    await expect(ask(practice, '/v2/customers', create)).rejects.toThrow()
    expect(await practice.command({ kind: 'state' })).toMatchObject({ answersToLose: 0 })
    expect((await ask(practice, '/v2/customers', create)).status).toBe(200)
    expect(await all(practice)).toHaveLength(before + 1)
  })

  it.each<[string, string, (id: string) => string, (id: string) => object | undefined]>([
    ['single update', 'PUT', (id) => `/v2/customers/${id}`, () => ({ note: 'x' })],
    ['single delete', 'DELETE', (id) => `/v2/customers/${id}`, () => undefined],
    [
      'bulk create',
      'POST',
      () => '/v2/customers/bulk-create',
      () => ({ customers: { k: { given_name: 'Ada' } } }),
    ],
    [
      'bulk update',
      'POST',
      () => '/v2/customers/bulk-update',
      (id) => ({ customers: { [id]: { note: 'x' } } }),
    ],
    ['bulk delete', 'POST', () => '/v2/customers/bulk-delete', (id) => ({ customer_ids: [id] })],
  ])('loses the answer to a %s, whatever is read before it', async (_, method, path, body) => {
    const practice = await start()
    const before = await all(practice)
    const { id } = before[0]!
    await practice.command({ kind: 'lose-next-answer' })
    const reads = { '/v2/customers/search': {}, '/v2/customers/bulk-retrieve': { customer_ids: [id] } }
    for (const [read, asked] of Object.entries(reads))
      expect((await ask(practice, read, { method: 'POST', body: asked })).status).toBe(200)
    const sent = body(id)
    await expect(ask(practice, path(id), { method, ...(sent && { body: sent }) })).rejects.toThrow()
    expect(await practice.command({ kind: 'state' })).toMatchObject({ answersToLose: 0 })
    expect(await all(practice)).not.toEqual(before) // it was done all the same
  })

  it.each(['phoneNumber', 'emailAddress', 'note'] as const)(
    'lets a colleague change the %s, each time anew',
    async (field) => {
      const practice = await start()
      const wire = { phoneNumber: 'phone_number', emailAddress: 'email_address', note: 'note' } as const
      const { id } = (await all(practice))[0]!
      const seen = new Set<unknown>()
      for (let round = 0; round < 3; round += 1) {
        const { body } = await ask(practice, `/v2/customers/${id}`)
        seen.add(body.customer![wire[field]])
        await practice.command({ kind: 'colleague-edits', squareId: id, field })
        const { body: after } = await ask(practice, `/v2/customers/${id}`)
        expect(after.customer![wire[field]]).not.toEqual(body.customer![wire[field]])
        expect(after.customer!.version).toBeGreaterThan(body.customer!.version)
        expect((await kept()).find((customer) => customer.id === id)).toEqual(after.customer)
      }
      expect(seen.size).toBeGreaterThan(1)
    },
  )

  it('lets a colleague delete a customer, and shrugs at one that does not exist', async () => {
    const practice = await start()
    const { id } = (await all(practice))[0]!
    await practice.command({ kind: 'colleague-deletes', squareId: id })
    await practice.command({ kind: 'colleague-deletes', squareId: id })
    expect((await ask(practice, `/v2/customers/${id}`)).status).toBe(404)
  })
})

describe('lazy practice', () => {
  it('does nothing before it is started, starts once, and again after a stop or a failure', async () => {
    let starts = 0
    let works = false
    const lazy = createLazyPractice(async () => {
      starts += 1
      return works ? start() : null
    })
    expect(await lazy.command({ kind: 'line', up: false })).toEqual({
      available: false,
      lineUp: true,
      answersToLose: 0,
    })
    expect([await lazy.start(), starts]).toEqual([null, 1])
    works = true
    const [one, two] = await Promise.all([lazy.start(), lazy.start()])
    expect(one).toEqual(two)
    expect([starts, lazy.baseUrl()]).toEqual([2, one!.baseUrl])
    expect(await lazy.command({ kind: 'state' })).toMatchObject({ available: true })
    await lazy.stop()
    expect(lazy.baseUrl()).toBeNull()
    await expect(fetch(one!.baseUrl)).rejects.toThrow()
    expect((await lazy.start())!.baseUrl).not.toBe('')
    expect(starts).toBe(3)
  })
})
