import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultFacts } from '#shared/fault.ts'
import { createLogSink, logLine } from '#main/platform/log-sink.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('logLine', () => {
  it('is the event and its facts', () => {
    expect(logLine('store.opened', { seq: 12, ok: true, why: null, kind: 'sandbox' })).toBe(
      'store.opened seq=12 ok=true why=null kind="sandbox"',
    )
  })
  it('drops whatever is not a fact', () => {
    const customer = { givenName: 'Ada' }
    const facts = { customer, list: ['Ada'], error: new Error('Ada'), fn: () => 'Ada', big: 1n, n: 1 }
    expect(logLine('event', facts as never)).toBe('event n=1')
  })
  it('stays one line, of bounded length, whatever the text', () => {
    const line = logLine('a\nb', { 'k\n': `x\r\n2026 error forged\u2028\u001b[31m${'y'.repeat(5_000)}` })
    expect(line).not.toMatch(/[\r\n\u001b]/)
    expect(line.length).toBeLessThan(400)
  })
})

describe('faultFacts', () => {
  it('tells where a bug is without its message or the path of this PC', () => {
    const facts = faultFacts(new TypeError('customer Ada has no phone'))
    expect(facts.name).toBe('TypeError')
    expect(facts.at).toMatch(/^log-sink\.test\.ts:\d+:\d+\)?$/)
    expect(JSON.stringify(facts)).not.toContain('Ada')
  })
  it('copes with anything that can be thrown', () => {
    expect(faultFacts('Ada')).toEqual({ name: 'string', at: '' })
    expect(faultFacts(null)).toEqual({ name: 'object', at: '' })
  })
})

describe('log sink', () => {
  it('writes lines of time, level, event and facts', async () => {
    const log = createLogSink(folder, false)
    log.info('app.started', { version: '1' })
    log.warn('w')
    log.error('e', { n: 1 })
    const lines = (await readFile(join(folder, 'counterfoil.log'), 'utf8')).trim().split(/\r?\n/)
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'info app.started version="1"',
      'warn w',
      'error e n=1',
    ])
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it.skipIf(process.platform === 'win32')('is readable by its owner alone', async () => {
    createLogSink(folder, false).info('x')
    expect((await stat(join(folder, 'counterfoil.log'))).mode & 0o777).toBe(0o600)
  })

  it('begins a new file when it has grown, and keeps five', async () => {
    const log = createLogSink(folder, false, 1_000)
    for (let n = 0; n < 200; n += 1) log.info('line', { n, text: 'x'.repeat(50) })
    expect((await readdir(folder)).sort()).toEqual([
      'counterfoil.1.log',
      'counterfoil.2.log',
      'counterfoil.3.log',
      'counterfoil.4.log',
      'counterfoil.log',
    ])
    const newest = await readFile(join(folder, 'counterfoil.log'), 'utf8')
    const older = await readFile(join(folder, 'counterfoil.1.log'), 'utf8')
    expect(newest).toContain('n=199 ')
    expect(Number(/n=(\d+) /.exec(older)![1])).toBeLessThan(Number(/n=(\d+) /.exec(newest)![1]))
    expect((await stat(join(folder, 'counterfoil.1.log'))).size).toBeLessThan(1_300)
  })
})
