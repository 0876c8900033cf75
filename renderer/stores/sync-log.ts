import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { syncLogText, type SyncLogEntry, type SyncLogExport } from '#shared/sync-log.ts'
import { useServices } from '../app-services.ts'
import { useSession } from './session.ts'

/** What happened with Square lately, as main noted it (S28); as of the last `refresh`. */
export const useSyncLog = defineStore('sync-log', () => {
  const { bridge } = useServices()
  const session = useSession()
  const entries = shallowRef<readonly SyncLogEntry[]>([])
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')

  async function refresh(): Promise<void> {
    try {
      const next = await bridge.invoke['sync:log'](null)
      // Unchanged: nothing on the screen moves.
      if (phase.value !== 'ready' || next.at(-1)?.n !== entries.value.at(-1)?.n) entries.value = next
      phase.value = 'ready'
    } catch {
      phase.value = 'failed'
    }
  }

  /** The same text as in the file. */
  const asText = () => syncLogText(entries.value, session.info?.version ?? '')
  const save = (): Promise<SyncLogExport> => bridge.invoke['sync:log-export'](null)

  return { entries, phase, refresh, asText, save }
})
