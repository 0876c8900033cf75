import { expect, it } from 'vitest'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import {
  add,
  apply,
  cardOf,
  cardWhere,
  edit,
  idOf,
  newProfile,
  openBook,
  openEntry,
  openIds,
  pulled,
  send,
  settle,
  titles,
} from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3' })

async function bookWithAna() {
  const main = await startFakeMain({ square: [ana] })
  const { book } = await openBook(main)
  await pulled(book)
  return { main, book, localId: await idOf(book, 'Ana') }
}

it('S1, S2: a saved customer is in the log, in the list and on its card at once', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë', phoneNumber: '555-0199' })
  expect(openIds(main)).toHaveLength(1)
  expect(main.logFile.records.map((record) => record.kind)).toEqual(['queued'])
  expect(await titles(book, 'zoe')).toEqual(['Zoë'])
  const card = await cardOf(book, localId)
  expect(card).toMatchObject({
    row: { status: 'saved-here', squareId: null },
    open: [{ kind: 'create', everSent: false }],
  })
})

it('S1: a save asks the log for nothing more, although the hint overtakes its answer; what the engine adds is asked for', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  await pulled(book)
  const asked: number[] = []
  main.override('outbox:since', (mirror, original) => {
    asked.push(mirror.lastSeq)
    return Promise.resolve(original(mirror))
  })
  const localId = await add(book, { givenName: 'Zoë' })
  // Whatever the hint set off has been through the queue.
  await new Promise((resolve) => setTimeout(resolve))
  await cardOf(book, localId)
  expect(asked).toEqual([])

  await send(main, openIds(main)[0]!)
  await expect.poll(async () => (await cardOf(book, localId)).open[0]?.everSent).toBe(true)
  expect(asked).toEqual([1])
})

it('S3: an edit keeps what the form showed, own waiting edits included, and one true pair of Square', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  await send(main, openIds(main)[0]!)
  await edit(book, localId, { phoneNumber: '555-0102', note: 'x' })
  const op = openEntry(main, openIds(main)[1]!).op
  expect(op).toMatchObject({
    kind: 'update',
    squareId: 'SQ1',
    patch: { phoneNumber: { base: '555-0101', local: '555-0102' }, note: { base: null, local: 'x' } },
    basis: { squareId: 'SQ1', version: '3', fields: { phoneNumber: '555-0100' } },
  })
})

it('S4: what was never sent becomes one operation, with the first base and the last value', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  await edit(book, localId, { phoneNumber: '555-0102', note: 'x' })
  expect(openIds(main)).toHaveLength(1)
  expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
    patch: { phoneNumber: { base: '555-0100', local: '555-0102' }, note: { base: null, local: 'x' } },
  })
  expect((await cardOf(book, localId)).row.local).toMatchObject({ phoneNumber: '555-0102', note: 'x' })
})

it('S4: an edit of a customer that never left this PC becomes part of its creation', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë' })
  await edit(book, localId, { givenName: 'Zoe', nickname: 'Z' })
  expect(openIds(main)).toHaveLength(1)
  expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
    kind: 'create',
    patch: { givenName: { base: null, local: 'Zoe' }, nickname: { base: null, local: 'Z' } },
  })
})

it('S4: an edit that takes the waiting one back leaves nothing to send', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  expect(await edit(book, localId, { phoneNumber: '555-0100' })).toMatchObject({ kind: 'saved' })
  expect(openIds(main)).toEqual([])
  expect((await cardOf(book, localId)).row).toMatchObject({ status: 'in-square', openOps: 0 })
})

it('S4: where the waiting edit was sent meanwhile, the new one is saved by itself under the same id', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  const form = (await book.openForm(localId))!
  main.override('outbox:append', async (request, original) => {
    // Between this window's look and the append the engine sends.
    if (openEntry(main, openIds(main)[0]!).attempts.size === 0) await send(main, openIds(main)[0]!)
    return original(request)
  })
  expect(await book.save(form, { ...form.shown, note: 'x' }, null)).toMatchObject({
    kind: 'saved',
    opId: form.opId,
  })
  expect(openIds(main)).toHaveLength(2)
  expect(openEntry(main, form.opId).op).toMatchObject({
    kind: 'update',
    patch: { note: { base: null, local: 'x' } },
  })
})

it('saves a form once, however often it is saved', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const form = (await book.openForm(null))!
  const fields = { ...form.shown, givenName: 'Zoë' }
  const results = await Promise.all([book.save(form, fields, null), book.save(form, fields, null)])
  results.push(await book.save(form, fields, null))
  for (const result of results)
    expect(result).toEqual({ kind: 'saved', localId: form.localId, opId: form.opId })
  expect(main.logFile.records).toHaveLength(1)
})

it('saves once when the answer to the first save was lost, also after a restart and after Square answered', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const first = await openBook(main, profile)
  const form = (await first.book.openForm(null))!
  const fields = { ...form.shown, givenName: 'Zoë' }
  main.override('outbox:append', async (request, original) => {
    await original(request)
    throw new Error('the window lost its line to main')
  })
  await first.book.keepDraft({ form, fields, keptAt: '2026-03-02T10:00:00.000Z' })
  expect(await first.book.save(form, fields, null)).toEqual({ kind: 'unwritable', reason: 'io' })
  await first.book.close()

  main.override('outbox:append', (request) => main.outbox().append(request.drafts, request.mirror))
  await apply(main, form.opId, remoteOf('SQ9', { givenName: 'Zoë' }))
  const { book } = await openBook(main, profile)
  const [draft] = await book.drafts()
  expect(await book.save(draft!.form, draft!.fields, null)).toMatchObject({ kind: 'saved' })
  expect(main.logFile.records.filter((record) => record.kind === 'queued')).toHaveLength(1)
  expect(await titles(book)).toEqual(['Zoë'])
})

it('saves what was typed after the first save as a further change', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const form = (await book.openForm(null))!
  await book.save(form, { ...form.shown, givenName: 'Zoë' }, null)
  await send(main, form.opId)
  await book.save(form, { ...form.shown, givenName: 'Zoë', note: 'later' }, null)
  expect(openIds(main)).toHaveLength(2)
  expect(openEntry(main, openIds(main)[1]!).op).toMatchObject({
    kind: 'update',
    patch: { note: { base: null, local: 'later' } },
  })
})

it('writes nothing where nothing changed, but the consent', async () => {
  const { main, book, localId } = await bookWithAna()
  expect(await edit(book, localId, {})).toEqual({ kind: 'saved', localId, opId: null })
  expect(main.logFile.records).toEqual([])
  const form = (await book.openForm(localId))!
  await book.save(form, form.shown, { given: true, wording: 'May we?' })
  expect(main.logFile.records).toMatchObject([{ kind: 'fact', fact: { kind: 'consent', given: true } }])
  expect((await cardOf(book, localId)).consent).toEqual({ given: true, at: '2026-03-02T10:15:00.000Z' })
})

it('keeps the form where the log cannot be written, and says why', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  main.logFile.failures.push('disk-full')
  const form = (await book.openForm(null))!
  expect(await book.save(form, { ...form.shown, givenName: 'Zoë' }, null)).toEqual({
    kind: 'unwritable',
    reason: 'disk-full',
  })
  expect(await titles(book)).toEqual([])
  expect(await book.save(form, { ...form.shown, givenName: 'Zoë' }, null)).toMatchObject({ kind: 'saved' })
})

it('shows "In Square" only after the answer, with what Square holds', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë' })
  const [opId] = openIds(main)
  await send(main, opId!)
  expect(await cardWhere(book, localId, (card) => card?.open[0]?.everSent === true)).toMatchObject({
    row: { status: 'saved-here' },
  })
  await settle(main, opId!, { kind: 'applied', remote: remoteOf('SQ9', { givenName: 'Zoë' }), how: 'sent' })
  const card = await cardWhere(book, localId, (of) => of?.row.status === 'in-square')
  expect(card).toMatchObject({
    row: { squareId: 'SQ9' },
    open: [],
    history: [{ kind: 'created', undoable: false }],
  })
})

it('lists the open operations of a row, for "Sending"', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { note: 'x' })
  const { rows } = await book.search('', { offset: 0, limit: 9 })
  expect(rows).toMatchObject([{ localId, status: 'saved-here', openOpIds: openIds(main) }])
})

it('takes no reactive proxies with it', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const form = (await book.openForm(null))!
  // A proxy cannot be cloned; the fake bridge clones as the real one does.
  const fields = new Proxy(
    { ...form.shown, givenName: 'Zoë', address: new Proxy({ locality: 'Graz' }, {}) },
    {},
  )
  await book.keepDraft({ form: new Proxy(form, {}), fields, keptAt: '' })
  expect(await book.save(new Proxy(form, {}), fields, null)).toMatchObject({ kind: 'saved' })
  expect(await book.drafts()).toMatchObject([{ fields: { address: { locality: 'Graz' } } }])
  await book.discardDraft(form.opId)
  expect(await book.drafts()).toEqual([])
})

it('S2: a customer whose content is not known is not editable', async () => {
  const main = await startFakeMain({ square: [ana] })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const localId = await idOf(first.book, 'Ana')
  await edit(first.book, localId, { note: 'x' })
  await first.book.close()
  main.override('directory:pull', () =>
    Promise.resolve({ kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }),
  )
  const { book } = await openBook(main, newProfile())
  const card = await cardOf(book, localId)
  expect(card.row.status).toBe('loading')
  expect(await book.openForm(localId)).toBeNull()
  expect(await book.remove(card)).toMatchObject({ kind: 'refused' })
})

it('S2, S3: a form opened on a row that has become another one is saved for the customer that is added again', async () => {
  const { main, book, localId } = await bookWithAna()
  const form = (await book.openForm(localId))!
  const added = await add(book, { givenName: 'Ana', phoneNumber: '555-0100' })
  await settle(main, openIds(main)[0]!, { kind: 'applied', remote: ana, how: 'chosen' })
  await cardWhere(book, added, (card) => card?.row.squareId === 'SQ1')
  await edit(book, added, { note: 'x' })
  const question = { id: 'q1', kind: 'gone' } as const
  await main.record({ kind: 'asks', opId: openIds(main)[0]!, question })
  const asked = await cardWhere(book, added, (card) => card?.row.status === 'needs-you')
  await book.answer(asked!, { kind: 'add-again' })
  await send(main, openIds(main)[0]!)
  await cardWhere(book, added, (card) => card?.open[0]?.everSent === true)
  expect(await book.save(form, { ...form.shown, note: 'y' }, null)).toMatchObject({ kind: 'saved' })
  const card = await cardOf(book, localId)
  expect(card.row).toMatchObject({ localId: added, squareId: null, local: { note: 'y' } })
  expect(card.open.map(({ id }) => id)).toEqual(openIds(main))
})
