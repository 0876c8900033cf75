import type { Bridge } from '#shared/ipc/bridge.ts'
import type { Clock } from '#shared/ports.ts'
import { faultFacts } from '#shared/fault.ts'
import type { AppServices, ConnectedSession } from './app-services.ts'
import { createCustomerBook, storeKey, type OtherWindows, type PageVisibility } from './db/customer-book.ts'
import { plain } from './db/plain.ts'
import { positionMemory } from './db/position-memory.ts'
import { searchLocale, searchWorkerFor } from './search/read-ahead.ts'
import { createWorkerSearch } from './search/search-client.ts'

/** The real services of a window: the bridge, and books over IndexedDB and a search worker. */
export function createServices(bridge: Bridge): AppServices {
  const newId = () => crypto.randomUUID()
  const clock = browserClock()
  // Asked once, at the start: the answer stands while the window lives.
  const kept = askToKeep()
  const onFault = (where: string, error: unknown) => {
    void bridge.invoke['app:fault']({ where, ...faultFacts(error) }).catch(() => {})
  }
  return {
    bridge,
    newId,
    onFault,
    wallIso: () => clock.wallIso(),
    keptDirectory: async () => ({ kept: await kept, bytes: await directoryBytes() }),
    bookFor(session: ConnectedSession) {
      // It comes from a store of Vue's: a proxy crosses neither the bridge nor IndexedDB.
      const { store, seller } = plain(session)
      const name = storeKey(store)
      return createCustomerBook({
        bridge,
        store,
        country: seller.country,
        search: createWorkerSearch(searchWorkerFor(name), searchLocale()),
        newId,
        onFault,
        clock,
        database: { indexedDB, IDBKeyRange },
        memory: positionMemory(localStorage, name),
        withLock: (run) => navigator.locks.request(`projector-${name}`, run),
        page: pageVisibility(),
        otherWindows: otherWindows(name),
      })
    },
  }
}

function browserClock(): Clock {
  return {
    monotonic: () => performance.now(),
    wallIso: () => new Date().toISOString(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    schedule(ms, callback) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  }
}

async function askToKeep(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist())
  } catch {
    return false
  }
}

async function directoryBytes(): Promise<number | null> {
  try {
    return (await navigator.storage.estimate()).usage ?? null
  } catch {
    return null
  }
}

function pageVisibility(): PageVisibility {
  return {
    isVisible: () => document.visibilityState === 'visible',
    onVisible(listener) {
      const onChange = () => {
        if (document.visibilityState === 'visible') listener()
      }
      document.addEventListener('visibilitychange', onChange)
      return () => document.removeEventListener('visibilitychange', onChange)
    },
  }
}

function otherWindows(name: string): OtherWindows {
  let channel: BroadcastChannel | null = null
  return {
    tell: (localIds) => channel?.postMessage(localIds),
    onTold(listener) {
      const opened = new BroadcastChannel(name)
      channel = opened
      opened.onmessage = (event: MessageEvent<readonly string[]>) => listener(event.data)
      return () => {
        channel = null
        opened.close()
      }
    },
  }
}
