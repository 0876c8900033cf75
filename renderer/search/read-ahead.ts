import type { SearchRequest } from './search-client.ts'

const KEY = 'last-directory'
let ahead: Ahead | null = null
interface Ahead {
  readonly directory: string
  readonly worker: Worker
}

/**
 * Begins to read the directory that was open last, in a search worker of its own, while the app is still being loaded:
 * who starts at the till waits for whichever takes longer, not for both. A wrong guess costs nothing but that reading.
 */
export function readAhead(): void {
  const directory = globalThis.localStorage?.getItem(KEY)
  if (!directory || ahead) return
  const worker = startSearchWorker()
  worker.postMessage({ kind: 'read', directory, locale: searchLocale() } satisfies SearchRequest)
  ahead = { directory, worker }
}

/** The worker that reads that directory ahead, once; else a new one. It is read ahead at the next start. */
export function searchWorkerFor(directory: string): Worker {
  const started = ahead
  ahead = null
  globalThis.localStorage?.setItem(KEY, directory)
  if (started?.directory === directory) return started.worker
  started?.worker.terminate()
  return startSearchWorker()
}

function startSearchWorker(): Worker {
  return new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module', name: 'search' })
}

/** The locale by which names are ordered. Some systems hand out names that `Intl` refuses, such as `en-US@posix`. */
export function searchLocale(): string {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? 'en'
  } catch {
    return 'en'
  }
}
