import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLogSink } from '#main/platform/log-sink.ts'

it('a technical log that cannot be written stops nobody: nothing is thrown, nothing is left hanging', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const inTheWay = join(folder, 'logs')
  writeFileSync(inTheWay, 'a file where the folder should be')
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))

  const log = createLogSink(inTheWay, false, 1_000)
  for (let n = 0; n < 100; n += 1) log.error('event', { n, text: 'x'.repeat(100) })
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
  expect(readdirSync(folder)).toEqual(['logs'])
  expect(readFileSync(inTheWay, 'utf8')).toBe('a file where the folder should be')
})
