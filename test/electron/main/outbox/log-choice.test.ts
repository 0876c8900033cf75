import { expect, test } from 'vitest'
import { chooseLog } from '#main/outbox/log-choice.ts'
import { beginningOf } from '#main/outbox/log-reader.ts'
import { nodeLogFs, type LogFs } from '#main/outbox/log-fs.ts'
import { header, records } from './log-records.ts'

const folderOf = (files: Readonly<Record<string, Buffer>>): LogFs => ({
  ...nodeLogFs,
  list: async () => Object.keys(files),
  read: async (path) => files[path.slice(-'outbox-000001.log'.length)]!,
})

test('an older file that was never finished goes; one without its head that holds records stays', async () => {
  // The second half repeats the first, its head included.
  const whole = beginningOf(header(), records(1, 3))
  const beheaded = whole.subarray(0, whole.length / 2).fill('x', 0, 10)
  const fs = folderOf({
    'outbox-000001.log': beheaded,
    'outbox-000002.log': Buffer.alloc(0),
    'outbox-000003.log': beginningOf(header(), []),
  })
  const choice = await chooseLog(fs, 'log')
  expect(choice).toMatchObject({ kind: 'found', highestNumber: 3 })
  const older = choice.kind === 'found' ? choice.older : []
  expect(older.map((path) => path.slice(-5))).toEqual(['2.log'])
})
