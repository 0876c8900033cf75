import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { createOp } from '../../../support/builders.ts'

// One file per format that was ever released, as that release wrote it: a record of every kind, then a day of work.
// They are never written again; a new format adds a file.
const museum = resolve(import.meta.dirname, 'museum')
const store = { merchantId: 'M1', environment: 'practice' } as const

it('S15, I22 the log of the first release, with changes waiting: all is read, all is still there, and work goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-museum-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'outbox-000001.log')
  copyFileSync(join(museum, 'outbox-format-1.txt'), path)
  const before = readFileSync(path)
  const open = async () => {
    const opened = await openOutbox({
      storage: createLogFile({ folder }),
      store,
      machineId: 'pc-1',
      newId: () => crypto.randomUUID(),
      freeBytes: async () => null,
      log: recordingLog().log,
    })
    if (opened.kind === 'refused') throw new Error(opened.reason)
    expect(opened.setAside).toBe(0)
    return opened.outbox
  }

  const outbox = await open()
  const { entries, closed } = outbox.state()
  expect([...entries.keys()]).toEqual(expect.arrayContaining(['never-sent', 'in-doubt', 'asked']))
  expect(entries.get('never-sent')).toMatchObject({
    op: { kind: 'create', patch: { givenName: { local: 'Zoë' }, note: { local: 'süß\n2' } } },
    question: null,
  })
  expect(entries.get('in-doubt')?.attempts.get(1)).toMatchObject({ answer: null, squareTime: 1772355600000 })
  expect(entries.get('asked')?.question).toMatchObject({
    kind: 'conflict',
    remote: { version: '9007199254740993' },
  })
  expect(closed.get('done')).toBe('done')
  const op = createOp('today', 'L9', { givenName: 'New' }, { store })
  expect(await outbox.write([{ kind: 'queued', op, replaces: [] }])).toBe(true)
  await outbox.close()

  // What was there is there byte for byte; what is new comes after it.
  expect(readFileSync(path).subarray(0, before.length).equals(before)).toBe(true)
  const again = await open()
  expect([...again.state().entries.keys()]).toEqual([...entries.keys()])
  expect(again.state().entries.has('today')).toBe(true)
  await again.close()
})
