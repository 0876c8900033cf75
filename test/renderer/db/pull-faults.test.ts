import { expect, it } from 'vitest'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import { openBook, pulled, summaryWhere, titles } from './book-fixture.ts'

const people = (n: number) =>
  Array.from({ length: n }, (_, i) => remoteOf(`SQ${i}`, { givenName: `P${String(i).padStart(3, '0')}` }))

/** Wakes the pull and resolves once a further one is complete, or has failed. */
async function pullAgain(main: FakeMain, book: Parameters<typeof pulled>[0]): Promise<void> {
  const before = (await summaryWhere(book, () => true)).pull
  main.emit('directory:wake', { reason: 'asked' })
  await summaryWhere(book, ({ pull }) => pull !== before && pull.kind !== 'loading')
}

it('pages that lead round in a circle end the pull: what came is kept, and it begins again later', async () => {
  const main = await startFakeMain({ square: people(300) })
  let circle = true
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    // The third page leads back to the second.
    return circle && request.kind === 'list' && request.cursor === '200' && page.kind === 'page'
      ? { ...page, cursor: '100' }
      : page
  })
  const { book, timers } = await openBook(main)
  const { pull } = await summaryWhere(book, (now) => now.pull.kind === 'stale')
  // What is here by now is told, not that nothing was fetched (S29).
  expect(pull).toMatchObject({ kind: 'stale', why: 'failed', asOf: null, first: { got: 200 } })
  expect(main.pulls.length).toBeLessThan(12)
  expect(await titles(book)).toHaveLength(200)
  circle = false
  await expect.poll(() => timers.waiting.length).toBeGreaterThan(0)
  timers.fire()
  await pulled(book)
  expect(await titles(book)).toHaveLength(300)
})

it('the same while changes are asked for', async () => {
  const main = await startFakeMain({ square: people(3) })
  const { book } = await openBook(main)
  await pulled(book)
  main.pulls.length = 0
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    if (request.kind !== 'delta' || page.kind !== 'page') return page
    return { ...page, cursor: request.cursor === 'a' ? 'b' : 'a' }
  })
  await pullAgain(main, book)
  expect(await summaryWhere(book, () => true)).toMatchObject({ pull: { kind: 'stale', why: 'failed' } })
  expect(main.pulls.length).toBeLessThan(12)
})

it('the same in the daily sweep: it stops, and goes on after the next pull', async () => {
  const main = await startFakeMain({ square: people(300) })
  const { book, timers } = await openBook(main)
  await pulled(book)
  main.squareTime = '2026-03-04T10:00:00.000Z'
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    const leadsBack = request.kind === 'list' && request.cursor === '200' && page.kind === 'page'
    return leadsBack ? { ...page, cursor: '100' } : page
  })
  main.pulls.length = 0
  await pullAgain(main, book)
  const step = () => timers.waiting.findIndex(({ ms }) => ms === 1_000)
  const lists = () => main.pulls.flatMap((pull) => (pull.kind === 'list' ? [pull.cursor] : []))
  for (const so of [1, 2, 3, 4]) {
    if (so === 4) await pullAgain(main, book)
    await expect.poll(step).not.toBe(-1)
    timers.waiting.splice(step(), 1)[0]!.run()
    await expect.poll(() => lists().length).toBe(so)
  }
  expect(lists()).toEqual([null, '100', '200', '200'])
})

it('who is changed while a later page is read is as in Square after the next pull, whichever page they were on', async () => {
  const main = await startFakeMain({ square: people(250) })
  main.override('directory:pull', async (request, original) => {
    if (request.kind === 'list' && request.cursor === '100') {
      main.squareTime = '2026-03-02T10:16:00.000Z'
      const changed = { version: '1', updatedAt: '2026-03-02T10:15:30.000Z' }
      // One whose page is here already, one whose page comes next, one whose page comes last.
      for (const n of [0, 150, 249])
        main.square[n] = remoteOf(`SQ${n}`, { givenName: `Changed ${n}` }, changed)
    }
    return original(request)
  })
  const { book } = await openBook(main)
  await pulled(book)
  await pullAgain(main, book)
  const shown = await titles(book)
  expect(shown).toHaveLength(250)
  expect(shown.filter((title) => title.startsWith('Changed'))).toEqual([
    'Changed 0',
    'Changed 150',
    'Changed 249',
  ])
})
