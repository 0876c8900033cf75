import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClock } from '#practice/clock.ts'
import { readCommand } from '#practice/control-command.ts'
import { readFaults } from '#practice/fault-schema.ts'
import type { Fault, FaultAction } from '#practice/faults.ts'
import { jsonFault } from '#practice/json-fault.ts'
import { DEFAULT_FLAGS } from '#practice/options.ts'
import { readFlags } from '#practice/flags-schema.ts'

/** Of each kind one with all it can have. */
const EVERY: { readonly [K in FaultAction['kind']]: Extract<Fault, { kind: K }> } = {
  delay: { kind: 'delay', ms: 5 },
  'colleague-edits': { kind: 'colleague-edits', id: 'C1', changes: { note: 'x', address: null } },
  'index-lag': { kind: 'index-lag', ms: 5 },
  'bulk-stops': { kind: 'bulk-stops', after: 0 },
  refuse: { kind: 'refuse', method: 'PUT', path: '/v2/*$', customerId: 'C1', body: 'x' },
  'line-down': { kind: 'line-down', ms: 5 },
  drop: { kind: 'drop', skip: 2, times: 3, probability: 0.5, forMs: 1000 },
  'lose-answer': { kind: 'lose-answer', times: 'all' },
  answer: { kind: 'answer', status: 418, headers: { a: 'b' }, text: '', applied: true },
  error: { kind: 'error', code: 'GONE', detail: 'd', field: 'f', status: 410, applied: true },
  'expired-token': { kind: 'expired-token' },
  'rate-limited': { kind: 'rate-limited', retryAfter: '-1e99' },
  html: { kind: 'html', status: 504, applied: false },
  storm: { kind: 'storm', applied: 0.5 },
  poison: { kind: 'poison', id: 'C1', code: 'CONFLICT' },
  'expired-cursor': { kind: 'expired-cursor' },
  redirect: { kind: 'redirect', status: 307, location: '/elsewhere' },
  bomb: { kind: 'bomb', megabytes: 5 },
  'rate-limit': { kind: 'rate-limit', perSecond: 0.5, burst: 5, retryAfter: '1' },
  'slow-body': { kind: 'slow-body', ms: 5 },
  'truncated-body': { kind: 'truncated-body', bytes: 0 },
  'wrong-body': { kind: 'wrong-body', shape: 'wrong-types' },
  'deliver-twice': { kind: 'deliver-twice', hears: 'first' },
}
const verdict = (
  checked: ReturnType<typeof readCommand> | ReturnType<typeof readFaults> | ReturnType<typeof readFlags>,
) => (checked.kind === 'fits' ? 'fits' : `${checked.path}: ${checked.reason}`)

describe('faults', () => {
  test.each(Object.entries(EVERY))('%s', (_kind, fault) => {
    expect(readFaults([fault])).toEqual({ kind: 'fits', value: [fault] })
  })

  test.each([
    [{}, 'the whole: must be a `array` type'],
    [null, 'the whole: '],
    [[5], '[0]: must be a `object` type'],
    [[{ kind: 'drop' }, { ms: 5 }], '[1].kind: is a required field'],
    [[{ kind: 'drip' }], '[0].kind: must be one of the following values: delay, '],
    [[{ kind: 'toString' }], '[0].kind: must be one of'],
    [[{ kind: 'delay', ms: '5' }], '[0].ms: must be a `number` type'],
    [[{ kind: 'delay', ms: -5 }], '[0].ms: must be greater than or equal to 0'],
    [[{ kind: 'drop', tims: 5 }], '[0].tims: is not known here'],
    [[{ kind: 'drop', times: 0 }], '[0].times: must be a whole number from 1, or "all"'],
    [[{ kind: 'drop', probability: 2 }], '[0].probability: must be less than'],
    [[{ kind: 'drop', method: 'put' }], '[0].method: must be a method in capitals'],
    [[{ kind: 'answer', status: 200 }], '[0].text: must be defined'],
    [[{ kind: 'answer', status: 99, text: '' }], '[0].status: must be greater'],
    [[{ kind: 'answer', status: 200, text: '', headers: { a: 'b\r\nc' } }], '[0].headers: must be'],
    [[{ kind: 'rate-limited', retryAfter: 5 }], '[0].retryAfter: must be a `string` type'],
    [[{ kind: 'colleague-edits', changes: { note: 'x' } }, { kind: 'colleague-edits' }], '[1].changes: '],
    [[{ kind: 'colleague-edits', changes: { givn_name: 'x' } }], '[0].changes.givn_name: is not known here'],
    [[{ kind: 'colleague-edits', changes: { note: 5 } }], '[0].changes.note: must be a `string` type'],
    [
      [{ kind: 'colleague-edits', changes: { address: { city: 'x' } } }],
      '[0].changes.address.city: is not known here',
    ],
  ])('%j', (value, words) => {
    const line = verdict(readFaults(value))
    expect(line.startsWith(words)).toBe(true)
    expect(line).not.toContain('\n')
  })
})

describe('flags', () => {
  test('the defaults are flags; so is any part of them', () => {
    expect(readFlags(DEFAULT_FLAGS)).toEqual({ kind: 'fits', value: DEFAULT_FLAGS })
    expect(readFlags({})).toEqual({ kind: 'fits', value: {} })
    for (const [name, value] of Object.entries(DEFAULT_FLAGS))
      expect(verdict(readFlags({ [name]: value }))).toBe('fits')
  })

  test.each([
    [[], 'the whole: must be a `object` type'],
    [{ versionStp: 2 }, 'versionStp: is not known here'],
    [{ ['__proto__']: 2 }, '__proto__: is not known here'],
    [{ versionStep: 0 }, 'versionStep: must be greater'],
    [{ noOpBumps: 'yes' }, 'noOpBumps: must be a `boolean` type'],
    [{ addressRule: 'append' }, 'addressRule: must be one of the following values: merge, replace'],
  ])('%j', (value, words) => {
    expect(verdict(readFlags(value)).startsWith(words)).toBe(true)
  })
})

describe('commands', () => {
  test.each([
    [{ kind: 'line', up: 'yes' }, 'up: must be a `boolean` type'],
    [{ kind: 'faults', faults: [{ kind: 'delay' }] }, 'faults[0].ms: is a required field'],
    [{ kind: 'flags', flags: { conflictStatus: 418 } }, 'flags.conflictStatus: must be one of'],
    [{ kind: 'clock', at: 'noon' }, 'at: must be an ISO 8601 moment'],
    [{ kind: 'merge', ids: ['A', 5] }, 'ids[1]: must be a `string` type'],
    [{ kind: 'edit', id: 'A' }, 'changes: '],
    [{ kind: 'ring' }, 'kind: must be one of the following values: line, '],
  ])('%j', (value, words) => {
    expect(verdict(readCommand(value)).startsWith(words)).toBe(true)
  })
})

test('the README tells every flag with its default, every kind of fault and every command', () => {
  const readme = readFileSync(new URL('../../../electron/practice/README.md', import.meta.url), 'utf8')
  const rows = readme.split('\n').flatMap((line) => {
    const [, name = '', , fallback = ''] = line.split('|').map((cell) => cell.trim())
    return /^`[\w-]+`$/.test(name)
      ? [{ name: name.slice(1, -1), fallback: fallback.replaceAll('`', '') }]
      : []
  })
  const told = new Set(rows.map(({ name }) => name))
  for (const [flag, value] of Object.entries(DEFAULT_FLAGS))
    expect(rows).toContainEqual({ name: flag, fallback: String(value) })
  for (const kind of Object.keys(EVERY)) expect(told).toContain(kind)
  const commands =
    verdict(readCommand({ kind: '?' }))
      .split('following values: ')[1]
      ?.split(', ') ?? []
  expect(commands.length).toBeGreaterThan(10)
  for (const kind of commands) expect(told).toContain(kind)
})

test('the clock runs, stands, jumps, and never forgets where it was', () => {
  let pace = 100
  const clock = createClock(() => pace)
  pace = 110
  expect(clock.now()).toBe(110)
  clock.stop()
  pace = 200
  expect([clock.now(), clock.isStopped()]).toEqual([110, true])
  clock.advance(5)
  expect(clock.now()).toBe(115)
  clock.go()
  pace = 210
  expect([clock.now(), clock.isStopped()]).toEqual([125, false])
  clock.set(1000)
  pace = 220
  expect(clock.now()).toBe(1010)
  clock.advance(-10)
  expect(clock.now()).toBe(1000)
})

describe('where a text stops being JSON', () => {
  test.each([
    ['', '1:1 expected a value, found the end'],
    ['{"a":\n\n', '3:1 expected a value, found the end'],
    ['{\r\n "a" 1}', '2:6 expected `:`, found `1`'],
    ['{"a":1,}', '1:8 expected a name in double quotes, found `}`'],
    ['{"a":1]', '1:7 expected `,` or `}`, found `]`'],
    ['[1,]', '1:4 expected a value, found `]`'],
    ['[1 2]', '1:4 expected `,` or `]`, found `2`'],
    ['[01]', '1:2 expected a value or `]`, found `01`'],
    ['[]\n// no', '2:1 expected the end, found `/`'],
    ["{'a':1}", "1:2 expected a name in double quotes or `}`, found `'`"],
    ['["a\nb"]', '1:2 expected a value or `]`, found a text that is not closed, or not written as JSON asks'],
    ['[😀]', '1:2 expected a value or `]`, found `😀`'],
  ])('%j', (text, words) => {
    const fault = jsonFault(text)
    expect(`${fault?.line}:${fault?.column} ${fault?.reason}`).toBe(words)
  })

  test('nowhere exactly where the engine reads it, whatever was spoilt', () => {
    const spoilt = fc
      .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ',', '"', '}', ']', ' ', '1', ':'))
      .map(([text, at, cut, put]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + put + text.slice(place + cut)
      })
    let broken = 0
    fc.assert(
      fc.property(spoilt, (text) => {
        let read = true
        try {
          JSON.parse(text)
        } catch {
          read = false
        }
        broken += read ? 0 : 1
        expect(jsonFault(text) === null).toBe(read)
      }),
      { numRuns: 1000 },
    )
    expect(broken).toBeGreaterThan(100)
  })
})
