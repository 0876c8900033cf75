import { expect, it } from 'vitest'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import { LOOK_AFTER_SENT_MS } from '#shared/sync/pace.ts'
import { announceStore, HINT_EVERY_MS } from '#main/ipc/events.ts'

it("a store's changes reach the page, and the directory is woken when it is worth it", () => {
  let state: SyncState = INITIAL_SYNC_STATE
  let onState: (state: SyncState) => void = () => {}
  let onChanged: (seq: number) => void = () => {}
  const sent: unknown[][] = []
  const due: (() => void)[] = []
  let now = 0
  const entries = new Map<string, { readonly question: object | null }>()
  const timePasses = () => due.splice(0).forEach((run) => run())
  announceStore(
    {
      outbox: {
        onChanged: (listener: typeof onChanged) => void (onChanged = listener),
        state: () => ({ entries }),
      },
      engine: { state: () => state, onState: (listener: typeof onState) => void (onState = listener) },
    } as never,
    (...args) => void sent.push(args),
    {
      schedule: (ms, run) => (expect(ms).toBe(HINT_EVERY_MS), due.push(run), () => {}),
      monotonic: () => now,
    },
  )
  const becomes = (change: Partial<SyncState>) => {
    state = { ...state, ...change }
    onState(state)
    timePasses()
    return sent.splice(0).filter(([channel]) => channel !== 'sync:state')
  }
  onChanged(3)
  onChanged(4)
  expect(sent).toEqual([])
  timePasses()
  expect(sent.splice(0)).toEqual([['outbox:changed', { seq: 4 }]])
  expect(becomes({ connection: 'online' })).toEqual([['directory:wake', { reason: 'online' }]])
  expect(becomes({ connection: 'online' })).toEqual([])
  expect(becomes({ sending: ['a', 'b'] })).toEqual([])
  expect(becomes({ sending: ['b'] })).toEqual([])
  const woken = [['directory:wake', { reason: 'sent' }]]
  expect(becomes({ sending: [] })).toEqual(woken)

  // S26: more waits. Not after each of them, but once a minute, and when the last one is through.
  const sendsOne = () => [...becomes({ sending: ['c'] }), ...becomes({ sending: [] })]
  entries.set('d', { question: null })
  expect(sendsOne()).toEqual([])
  now = LOOK_AFTER_SENT_MS
  expect(sendsOne()).toEqual(woken)
  expect(sendsOne()).toEqual([])
  entries.set('d', { question: {} }) // waits for a person, not for the line
  expect(becomes({})).toEqual(woken)
  expect(becomes({})).toEqual([])
  expect(becomes({ connection: 'offline' })).toEqual([])
  onState(INITIAL_SYNC_STATE)
  onState(state)
  timePasses()
  expect(sent).toEqual([['sync:state', state]])
  timePasses()
  expect(sent).toHaveLength(1)
})
