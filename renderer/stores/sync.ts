import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { PracticeCommand, PracticeState } from '#shared/ipc/contract.ts'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import { useServices } from '../app-services.ts'
import { useSession } from './session.ts'

export type { PracticeCommand }

/** What the engine in main is doing, and the practice store's switches. */
export const useSync = defineStore('sync', () => {
  const { bridge } = useServices()
  const session = useSession()
  const told = ref<SyncState>(INITIAL_SYNC_STATE)
  /** Of the store that is open now; what was told of another one is not known of this (S29). */
  const state = computed(() => {
    const [theirs, ours] = [told.value.store, session.connected?.store]
    const another =
      theirs && ours && (theirs.merchantId !== ours.merchantId || theirs.environment !== ours.environment)
    return another ? INITIAL_SYNC_STATE : told.value
  })
  let events = 0
  const practice = ref<PracticeState | null>(null)
  const sending = computed(() => new Set(state.value.sending))

  async function start(): Promise<() => void> {
    const stop = bridge.on['sync:state']((next) => {
      events += 1
      told.value = next
    })
    await ask()
    return stop
  }

  async function ask(): Promise<void> {
    const before = events
    const answer = await bridge.invoke['sync:state'](null)
    // What came meanwhile is newer.
    if (events === before) told.value = answer
  }
  watch(
    () => session.connected && `${session.connected.store.environment}/${session.connected.store.merchantId}`,
    (store) => store && void ask(),
  )

  async function now(): Promise<void> {
    await bridge.invoke['sync:now'](null)
  }

  /** Moves one of the practice store's switches; false where it did not answer. */
  async function command(request: PracticeCommand): Promise<boolean> {
    try {
      practice.value = await bridge.invoke['practice:command'](request)
      return practice.value.available
    } catch {
      return false
    }
  }

  /** True while a request for one of these operations is under way. */
  const isSending = (opIds: readonly string[]) => opIds.some((id) => sending.value.has(id))

  return { state, practice, sending, start, now, command, isSending }
})
