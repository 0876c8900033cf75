import { expect, it } from 'vitest'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import { apply, edit, idOf, openBook, openIds, pulled, summaryWhere } from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana' }, { version: '3' })

async function bookWithAna() {
  const main = await startFakeMain({ square: [ana] })
  const opened = await openBook(main)
  await pulled(opened.book)
  return { main, ...opened, localId: await idOf(opened.book, 'Ana') }
}

it('S29: what waits is counted with the save, and no more with the hint, without any time passing', async () => {
  const { main, book, localId, timers } = await bookWithAna()
  await edit(book, localId, { note: 'x' })
  expect(await summaryWhere(book, () => true)).toMatchObject({ waiting: 1 })
  const before = timers.waiting.length
  await apply(main, openIds(main)[0]!, remoteOf('SQ1', { givenName: 'Ana', note: 'x' }, { version: '4' }))
  const summary = await summaryWhere(book, ({ waiting }) => waiting === 0)
  expect(summary.behind).toBeUndefined()
  expect(timers.waiting.length).toBe(before)
})

it('S29: counts that cannot follow the log are told to be old, until they can', async () => {
  const { main, book, localId, timers, faults } = await bookWithAna()
  await edit(book, localId, { note: 'x' })
  let broken = true
  main.override('outbox:since', (request, original) =>
    broken ? Promise.reject(new Error('no main')) : original(request),
  )
  await apply(main, openIds(main)[0]!, remoteOf('SQ1', { givenName: 'Ana', note: 'x' }, { version: '4' }))
  expect(await summaryWhere(book, ({ behind }) => behind === true)).toMatchObject({ waiting: 1, total: 1 })
  expect(faults).not.toEqual([])
  broken = false
  timers.fire()
  expect((await summaryWhere(book, ({ waiting }) => waiting === 0)).behind).toBeUndefined()
})

it('S29: counts that take long to follow are told to be old meanwhile', async () => {
  const { main, book, localId, timers } = await bookWithAna()
  await edit(book, localId, { note: 'x' })
  let goOn = () => {}
  const slow = new Promise<void>((resolve) => (goOn = resolve))
  main.override('outbox:since', (request, original) => slow.then(() => original(request)))
  const late = () => timers.waiting.filter(({ ms }) => ms < 1_000)
  await apply(main, openIds(main)[0]!, remoteOf('SQ1', { givenName: 'Ana', note: 'x' }, { version: '4' }))
  expect(late()).not.toEqual([])
  late()[0]!.run()
  expect(await summaryWhere(book, ({ behind }) => behind === true)).toMatchObject({ behind: true })
  goOn()
  const summary = await summaryWhere(book, ({ behind }) => !behind)
  expect(summary.waiting).toBe(0)
})
