import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { PracticeCommand, PracticeState } from '#shared/ipc/contract.ts'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import { useServices } from '../app-services.ts'

export type { PracticeCommand }

/** What the engine in main is doing, and the practice store's switches. */
export const useSync = defineStore('sync', () => {
  const { bridge } = useServices()
  const state = ref<SyncState>(INITIAL_SYNC_STATE)
  const practice = ref<PracticeState | null>(null)
  const sending = computed(() => new Set(state.value.sending))

  async function start(): Promise<() => void> {
    const stop = bridge.on['sync:state']((next) => (state.value = next))
    state.value = await bridge.invoke['sync:state'](null)
    return stop
  }

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
