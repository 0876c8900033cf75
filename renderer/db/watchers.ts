/** Something that reads again after each change and tells when it has; never two readings of one watcher at a time. */
export interface Watchers {
  /** Reads at once and whenever `changed` says so. Returns the function that ends it. */
  watch<T>(
    read: () => Promise<T>,
    isConcerned: (concerned: ReadonlySet<string>) => boolean,
    tell: (value: T) => void,
  ): () => void
  /** These local ids changed; every watcher that is concerned reads again. */
  changed(concerned: ReadonlySet<string>): void
  close(): void
}

/** Nobody watches yet. A reading that fails is left out: the next change reads again. */
export function createWatchers(): Watchers {
  const refreshers = new Set<(concerned: ReadonlySet<string>) => void>()
  return {
    watch(read, isConcerned, tell) {
      let reading = false
      let again = false
      let ended = false
      const refresh = async () => {
        if (reading) {
          again = true
          return
        }
        reading = true
        do {
          again = false
          try {
            const value = await read()
            // Told also where it is out of date already: changes may come without a pause.
            if (!ended) tell(value)
          } catch {
            // The directory is closing, or could not be read at this moment.
          }
        } while (again && !ended)
        reading = false
      }
      const onChange = (concerned: ReadonlySet<string>) => {
        if (isConcerned(concerned)) void refresh()
      }
      refreshers.add(onChange)
      void refresh()
      return () => {
        ended = true
        refreshers.delete(onChange)
      }
    },
    changed(concerned) {
      for (const refresh of refreshers) refresh(concerned)
    },
    close: () => refreshers.clear(),
  }
}
