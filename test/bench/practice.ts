import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { PRACTICE_TOKEN } from '#practice/options.ts'
import { ROOT } from '../e2e/support/runtime.ts'
import { median, type Figure } from './figures.ts'

const SEED_MS = 20_000
const PAGE_MS = 20

/**
 * The command `practice-square` with that many customers: from its start to the line that says it listens, then pages of
 * 100 over HTTP, `times` each. Between two pages somebody writes, so that no page is only remembered.
 */
export async function measurePractice(customers: number, times: number): Promise<Figure[]> {
  const benchmark = `practice Square, ${customers} customers`
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'electron/practice/cli.ts', '--customers', String(customers)],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const started = performance.now() - began
    const url = /http:\S+/.exec(line)?.[0]
    if (url === undefined) throw new Error(`not the line that was expected: ${line}`)
    const figures: Figure[] = [
      { benchmark, name: 'start and seed', value: started, unit: 'ms', budget: { atMost: SEED_MS } },
    ]
    const ask = askerOf(url)
    for (const [name, request] of QUESTIONS) {
      const samples: number[] = []
      let cursor: string | undefined
      for (let n = 0; n < times; n += 1) {
        await ask('POST', '/v2/customers', { given_name: `Written ${n}`, idempotency_key: `${name} ${n}` })
        const before = performance.now()
        const page = await request(ask, cursor)
        samples.push(performance.now() - before)
        cursor = page.cursor
      }
      figures.push({
        benchmark,
        name: `${name} p50`,
        value: median(samples),
        unit: 'ms',
        budget: { atMost: PAGE_MS },
      })
    }
    return figures
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

interface Page {
  readonly cursor?: string
}
type Ask = (method: string, path: string, body?: unknown) => Promise<Page>

function askerOf(url: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${PRACTICE_TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Page
  }
}

type Question = (ask: Ask, cursor: string | undefined) => Promise<Page>

function list(parameters: string): Question {
  return (ask, cursor) =>
    ask('GET', `/v2/customers?limit=100${parameters}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
}

function search(filter: unknown, sort: unknown = {}, count = false): Question {
  return (ask, cursor) =>
    ask('POST', '/v2/customers/search', {
      limit: 100,
      count,
      query: { filter, sort },
      ...(cursor ? { cursor } : {}),
    })
}

const QUESTIONS: readonly (readonly [string, Question])[] = [
  ['list by name', list('')],
  ['list by creation, newest first', list('&sort_field=CREATED_AT&sort_order=DESC&count=true')],
  ['search phone', search({ phone_number: { exact: '+12065550100' } })],
  ['search e-mail', search({ email_address: { exact: 'CUSTOMER777@example.com' } })],
  ['search part of an e-mail', search({ email_address: { fuzzy: 'customer777' } })],
  ['search part of a phone', search({ phone_number: { fuzzy: '2065' } })],
  [
    'search what changed in a minute',
    search(
      { updated_at: { start_at: new Date(Date.now() - 60_000).toISOString() } },
      { field: 'CREATED_AT', order: 'ASC' },
    ),
  ],
  ['search by source', search({ creation_source: { values: ['DIRECTORY'], rule: 'INCLUDE' } })],
  ['search by a rare source', search({ creation_source: { values: ['MERGE'], rule: 'INCLUDE' } })],
  ['count by source', search({ creation_source: { values: ['DIRECTORY'], rule: 'INCLUDE' } }, {}, true)],
  ['count part of an e-mail', search({ email_address: { fuzzy: 'example 7' } }, {}, true)],
  ['search two tokens, nobody', search({ email_address: { fuzzy: 'customer nobody' } })],
  ['search part of a reference id', search({ reference_id: { fuzzy: 'r 777' } })],
]
