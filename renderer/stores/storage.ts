import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { ExportResult, ImportResult, StorageState } from '#shared/storage.ts'
import { useServices, type KeptDirectory } from '../app-services.ts'
import { useSession } from './session.ts'

/** How the files of this PC are, and what staff can do with them; asked for each store, then as of the last `refresh`. */
export const useStorage = defineStore('storage', () => {
  const { bridge, keptDirectory } = useServices()
  const session = useSession()
  const state = shallowRef<StorageState | null>(null)
  const directory = shallowRef<KeptDirectory | null>(null)
  /** A file is being chosen, written or read. */
  const busy = ref(false)

  let asked = 0
  async function refresh(): Promise<void> {
    const now = ++asked
    const answer = await bridge.invoke['storage:state'](null)
    // Of an earlier question, perhaps of another store: what was asked since is newer.
    if (now === asked) state.value = answer
  }
  /** What was told of another store's log is not known of this one (S29). */
  watch(
    () => session.connected && `${session.connected.store.environment}/${session.connected.store.merchantId}`,
    () => {
      state.value = null
      void refresh()
    },
    { immediate: true },
  )
  /** What only the settings show. */
  async function lookAtDirectory(): Promise<void> {
    directory.value = await keptDirectory()
  }

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    busy.value = true
    try {
      return await work()
    } finally {
      busy.value = false
      await refresh()
    }
  }
  const exportUnsent = (): Promise<ExportResult> => alone(() => bridge.invoke['storage:export'](null))
  const importUnsent = (): Promise<ImportResult> => alone(() => bridge.invoke['storage:import'](null))
  const restart = () => bridge.invoke['app:restart'](null)

  return { state, directory, busy, refresh, lookAtDirectory, exportUnsent, importUnsent, restart }
})
