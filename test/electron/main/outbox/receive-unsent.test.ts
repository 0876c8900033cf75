import { describe, expect, it } from 'vitest'
import { openOutbox } from '#main/outbox/outbox.ts'
import { receiveUnsent } from '#main/outbox/receive-unsent.ts'
import { nextOfEachLane } from '#shared/outbox/queue.ts'
import { memoryLogFile, memoryLogStorage } from '../../../support/memory-log-storage.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import {
  ann,
  applied,
  createOp,
  deleteOp,
  patch,
  queued,
  STORE,
  updateOp,
} from '../../../support/builders.ts'

async function outboxOver(file = memoryLogFile(), isReported = true) {
  const opened = await openOutbox({
    storage: memoryLogStorage(file),
    store: STORE,
    machineId: 'this-pc',
    newId: () => 'q',
    freeBytes: async () => null,
    log: recordingLog().log,
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  if (isReported) await opened.outbox.since({ store: STORE, generation: 0, lastSeq: 0 })
  let ids = 0
  const receive = (...ops: Parameters<typeof receiveUnsent>[1]) =>
    receiveUnsent(opened.outbox, ops, () => `q${++ids}`)
  return { outbox: opened.outbox, receive, file }
}
const edit = (id: string) => updateOp(id, 'L1', patch({ note: [null, id] }), ann())

describe('S20 unsent work of another PC', () => {
  it('is open here, asks one by one, and is never sent by itself', async () => {
    const { outbox, receive, file } = await outboxOver()
    expect(await receive(createOp('c', 'L2'), edit('a'))).toEqual({ kind: 'received', added: 2, known: 0 })
    const entries = [...outbox.state().entries.values()]
    expect(entries.map(({ op, copied, question }) => [op.id, copied, question?.kind, question?.id])).toEqual([
      ['c', true, 'copied', 'q1'],
      ['a', true, 'copied', 'q2'],
    ])
    expect([...nextOfEachLane(outbox.state()).values()]).toEqual([])
    // Also after the next start.
    expect((await outboxOver(file)).outbox.state()).toEqual(outbox.state())
  })

  it('leaves what waits here as it is: that is still sent', async () => {
    const { outbox, receive } = await outboxOver()
    await outbox.write([queued(createOp('own', 'L9'))])
    await receive(edit('a'))
    expect(outbox.state().entries.get('own')).toMatchObject({ copied: false, question: null })
    expect([...nextOfEachLane(outbox.state()).values()].map(({ op }) => op.id)).toEqual(['own'])
  })

  it('taken in again, or on the PC it came from, adds nothing', async () => {
    const { outbox, receive, file } = await outboxOver()
    await outbox.write([queued(createOp('done', 'L1')), applied('done', ann())])
    await receive(edit('a'))
    const before = file.records.length
    expect(await receive(createOp('done', 'L1'), edit('a'))).toEqual({ kind: 'received', added: 0, known: 2 })
    expect(file.records).toHaveLength(before)
    expect(await receive(edit('a'), edit('b'))).toEqual({ kind: 'received', added: 1, known: 1 })
    expect(outbox.state().entries.get('a')?.question?.id).toBe('q1')
  })

  it('a new customer whose local id has become one of Square’s here gets another one, and what builds on it', async () => {
    const { outbox, receive } = await outboxOver()
    await outbox.write([queued(createOp('first', 'L1')), applied('first', ann())])
    const builds = { ...edit('b'), squareId: null, basis: null }
    await receive(createOp('c', 'L1'), builds, edit('a'))
    const localIds = () => [...outbox.state().entries.values()].map(({ op }) => [op.id, op.localId])
    expect(localIds()).toEqual([
      ['c', 'q1'],
      ['b', 'q1'],
      ['a', 'L1'],
    ])
    expect(outbox.state().bindings.get('L1')).toBe('SQ1')
    // The same file once more, with one change more in it.
    await receive(createOp('c', 'L1'), { ...builds, id: 'd' })
    expect(localIds().at(-1)).toEqual(['d', 'q1'])
  })

  it('what builds on a new customer that has gone to Square from here goes to that one', async () => {
    const { outbox, receive } = await outboxOver()
    await receive(createOp('c', 'L1'))
    await outbox.write([queued(createOp('again', 'L1'), ['c']), applied('again', ann())])
    await receive(createOp('c', 'L1'), { ...edit('b'), squareId: null, basis: null })
    expect([...outbox.state().entries.values()].map(({ op }) => op.localId)).toEqual(['L1'])
  })

  describe('an edit of a new customer whose creation was forgotten here', () => {
    const nora = createOp('c', 'L1', { givenName: 'Nora', note: 'x' })
    const edited = (id: string, note: string) => ({
      ...updateOp(id, 'L1', patch({ note: ['x', note] }), ann()),
      squareId: null,
      basis: null,
    })
    const forgotten = async () => {
      const { outbox, receive } = await outboxOver()
      await receive(nora, edited('a', 'y'))
      await outbox.write([{ kind: 'withdrawn', opIds: ['c', 'a'], why: 'copied' }])
      return { outbox, receive }
    }
    const open = (outbox: Awaited<ReturnType<typeof forgotten>>['outbox']) => [
      ...outbox.state().entries.values(),
    ]

    it('brings her back whole, as she was before it, in the stead of the one the other PC may have sent', async () => {
      const { outbox, receive } = await forgotten()
      expect(await receive(nora, edited('a', 'y'), edited('b', 'z'))).toEqual({
        kind: 'received',
        added: 1,
        known: 2,
      })
      const [create, update] = open(outbox)
      expect(create!.op).toMatchObject({
        kind: 'create',
        localId: 'L1',
        patch: patch({ givenName: [null, 'Nora'], note: [null, 'y'] }),
        insteadOf: [{ since: 0, sent: { givenName: 'Nora', note: 'x' }, shown: [] }],
      })
      expect(['c', 'a', 'b']).not.toContain(create!.op.id)
      expect(update!.op).toMatchObject({ id: 'b', kind: 'update', localId: 'L1' })
      expect(open(outbox).map(({ copied, question }) => [copied, question?.kind])).toEqual([
        [true, 'copied'],
        [true, 'copied'],
      ])
    })

    it('the same file once more adds nothing, also after she was forgotten again', async () => {
      const { outbox, receive } = await forgotten()
      const file = [nora, edited('a', 'y'), edited('b', 'z')]
      await receive(...file)
      const again = { kind: 'received', added: 0, known: 3 }
      expect(await receive(...file)).toEqual(again)
      await outbox.write([{ kind: 'withdrawn', opIds: open(outbox).map(({ op }) => op.id), why: 'copied' }])
      expect(await receive(...file)).toEqual(again)
    })

    it('a later one goes behind the creation that is open here by then', async () => {
      const { outbox, receive } = await forgotten()
      await receive(nora, edited('a', 'y'), edited('b', 'z'))
      await receive(nora, edited('a', 'y'), edited('b', 'z'), edited('d', 'w'))
      expect(open(outbox).map(({ op }) => op.kind)).toEqual(['create', 'update', 'update'])
    })

    it('what the other log went in the stead of stays known', async () => {
      const earlier = { since: 5, sent: { givenName: 'Norah' }, shown: ['SQ7'] }
      const { outbox, receive } = await forgotten()
      await receive({ ...nora, insteadOf: [earlier] }, edited('b', 'z'))
      expect(open(outbox)[0]!.op).toMatchObject({ insteadOf: [{ since: 0 }, earlier] })
    })

    it('a deletion alone brings nobody back: she is not wanted any more', async () => {
      const { outbox, receive } = await forgotten()
      await receive(nora, { ...deleteOp('d', 'L1', ann()), squareId: null, basis: null })
      expect(open(outbox).map(({ op }) => op.kind)).toEqual(['delete'])
    })

    it('a deletion that was forgotten with her says nothing of her card', async () => {
      const { outbox, receive } = await forgotten()
      const deletion = { ...deleteOp('d', 'L1', ann()), squareId: null, basis: null }
      await outbox.write([queued(deletion), { kind: 'withdrawn', opIds: ['d'], why: 'copied' }])
      await receive(nora, edited('a', 'y'), deletion, edited('b', 'z'))
      expect(open(outbox)[0]!.op).toMatchObject({
        kind: 'create',
        patch: patch({ givenName: [null, 'Nora'], note: [null, 'y'] }),
      })
    })

    it('a creation the file does not have is not made up', async () => {
      const { outbox, receive } = await forgotten()
      await receive(edited('b', 'z'))
      expect(open(outbox).map(({ op }) => op.kind)).toEqual(['update'])
    })
  })

  it('not before a mirror has reported: a log that is given back what it lost would lose it', async () => {
    const { receive, file } = await outboxOver(memoryLogFile(), false)
    expect(await receive(edit('a'))).toEqual({ kind: 'refused', reason: 'not-ready' })
    expect(file.records).toEqual([])
  })

  it('the same operation twice in a file counts once', async () => {
    const { receive } = await outboxOver()
    expect(await receive(edit('a'), edit('a'))).toEqual({ kind: 'received', added: 1, known: 1 })
  })

  it('is all there or not at all', async () => {
    const { outbox, receive, file } = await outboxOver()
    file.failures.push('disk-full')
    expect(await receive(edit('a'), edit('b'))).toEqual({ kind: 'refused', reason: 'unwritable' })
    expect(outbox.state().entries.size).toBe(0)
  })
})
