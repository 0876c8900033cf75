import { expect, it } from 'vitest'
import type { Vouch } from '#shared/ipc/contract.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, TEST_STORE, type FakeMain } from '../../support/fake-bridge.ts'
import { add, newProfile, openBook, openIds, openTables, pulled, summaryWhere } from './book-fixture.ts'

const ANN = remoteOf('SQ1', { givenName: 'Ann', phoneNumber: '212-555-0100' })

async function pullAgain(main: FakeMain, book: Parameters<typeof pulled>[0]): Promise<void> {
  const before = (await summaryWhere(book, () => true)).pull
  main.emit('directory:wake', { reason: 'sent' })
  await summaryWhere(book, ({ pull }) => pull !== before)
}

async function setUp() {
  const profile = newProfile()
  const main = await startFakeMain({ square: [ANN] })
  const vouches: Vouch[] = []
  main.override('directory:vouch', async (request) => (vouches.push(request), null))
  const opened = await openBook(main, profile)
  await pulled(opened.book)
  const addSome = async (from: number, to: number) => {
    for (let n = from; n < to; n++)
      await add(opened.book, { givenName: `N${n}`, phoneNumber: `212-555-01${10 + n}` })
  }
  return { ...opened, profile, main, vouches, addSome }
}

it('S9 after a complete pull main is told which of many new customers nobody in the directory is like', async () => {
  const { book, main, vouches, addSome } = await setUp()
  await add(book, { givenName: 'Ann again', phoneNumber: '+1 212 555 0100' })
  await addSome(0, 8)
  await pullAgain(main, book)
  expect(vouches).toEqual([])
  await addSome(8, 9)
  main.squareTime = '2026-03-02T10:30:00.000Z'
  await pullAgain(main, book)
  const opIds = openIds(main).slice(1)
  expect(vouches).toEqual([{ store: TEST_STORE, since: '2026-03-02T10:24:30.000Z', opIds }])
})

it('S13, S15 not while a customer cannot be read', async () => {
  const { book, main, vouches, addSome, profile } = await setUp()
  await addSome(0, 10)
  const db = await openTables(profile)
  const state = (await db.pull.get('state'))!
  await db.pull.put({ ...state, unreadable: 1 } as never)
  await pullAgain(main, book)
  await db.pull.put({ ...((await db.pull.get('state')) as object), unreadable: 0 } as never)
  await db.customers.put({ localId: 'damaged', squareId: 7 } as never)
  await pullAgain(main, book)
  expect(vouches).toEqual([])
  await db.customers.delete('damaged')
  await pullAgain(main, book)
  expect(vouches).toHaveLength(1)
})

it('S9 where main cannot be told, the pull is complete all the same', async () => {
  const { book, main, faults, addSome } = await setUp()
  const error = new Error('no handler')
  main.override('directory:vouch', () => Promise.reject(error))
  await addSome(0, 10)
  await pullAgain(main, book)
  expect((await summaryWhere(book, () => true)).pull.kind).toBe('current')
  expect(faults).toEqual([['book.vouch', error]])
})

it('S9 a first load vouches as soon as it is complete, for however many', async () => {
  const main = await startFakeMain({ square: [ANN] })
  const vouches: Vouch[] = []
  main.override('directory:vouch', async (request) => (vouches.push(request), null))
  let goOn = () => {}
  const held = new Promise<void>((resolve) => (goOn = resolve))
  main.override('directory:pull', async (request, original) => {
    await held
    return original(request)
  })
  const { book } = await openBook(main)
  for (let n = 0; n < 12; n++) await add(book, { givenName: `N${n}`, phoneNumber: `212-555-01${10 + n}` })
  goOn()
  await pulled(book)
  await expect.poll(() => vouches.length).toBe(1)
  expect(main.pulls.map(({ kind }) => kind)).toEqual(['list'])
  expect(vouches[0]!.opIds).toEqual(openIds(main))
})
