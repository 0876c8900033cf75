import type { Position } from './mirror-mark.ts'

/**
 * How far the directory has been, remembered outside of it: IndexedDB may come back empty or older without a word, and
 * staff are to be told.
 */
export interface PositionMemory {
  read(): Position | null
  write(position: Position): void
}

/** Kept under that name; a storage that fails is as good as none. */
export function positionMemory(storage: Pick<Storage, 'getItem' | 'setItem'>, name: string): PositionMemory {
  const key = `${name}:position`
  return {
    read() {
      try {
        const [generation, lastSeq] = (storage.getItem(key) ?? '').split('/').map(Number)
        return Number.isSafeInteger(generation) && Number.isSafeInteger(lastSeq)
          ? { generation: generation!, lastSeq: lastSeq! }
          : null
      } catch {
        return null
      }
    },
    write({ generation, lastSeq }) {
      try {
        storage.setItem(key, `${generation}/${lastSeq}`)
      } catch {
        // Only a notice depends on it.
      }
    },
  }
}
