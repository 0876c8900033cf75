import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ExportResult, ImportResult, StorageState } from '#shared/storage.ts'
import { useServices, type KeptDirectory } from '../app-services.ts'

/** How the files of this PC are, and what staff can do with them; as of the last `refresh`. */
export const useStorage = defineStore('storage', () => {
  const { bridge, keptDirectory } = useServices()
  const state = shallowRef<StorageState | null>(null)
  const directory = shallowRef<KeptDirectory | null>(null)
  /** A file is being chosen, written or read. */
  const busy = ref(false)

  async function refresh(): Promise<void> {
    state.value = await bridge.invoke['storage:state'](null)
  }
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
