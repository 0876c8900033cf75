import { baseOf, changeOf, resume, type Resumed, type SearchCache } from './search-cache.ts'
import type { SearchChange } from './search-client.ts'
import type { SearchEntry } from './search-entry.ts'

/** Everybody as the directory has them, read one after the other while others may write. */
export interface ReadThrough {
  /** The stamp before the first was read. */
  readonly from: string | null
  /** The stamp after the last was read. */
  readonly through: string | null
  readonly everybody: readonly SearchEntry[]
}

/** Keeps the copy of one directory in step with it. Where it fails it is dropped: nobody needs it (S31). */
export interface KeptCopy {
  /** What the directory holds, by the copy; null where that is not provable: then nothing is kept any more. */
  resume(stamp: string | null): Promise<Resumed | null>
  /** Keeps that change, while there is something it belongs to. */
  note(change: SearchChange): void
  /** A new base is wanted: there is none, or more has changed since it than is worth keeping apart. */
  wantsBase(): boolean
  /** Reads everybody and keeps them as the new base, and what changes meanwhile with it. Rejects where `read` does. */
  renew(read: () => Promise<ReadThrough>): Promise<void>
  drop(): Promise<void>
}

/** So many changed customers are kept apart, or half as many as there are: then the base is written anew. */
const FEW = 1_000
/** Where there is no time to write it anew, as in a first load, at most so much more is kept. */
const AT_MOST = 4

/** A copy of which nothing is known yet; `pause` lets in who asks for something while much is packed. */
export function createKeptCopy(cache: SearchCache, pause: () => Promise<void>): KeptCopy {
  /** What is kept of a base, in customers; null: there is no base, nor is one being read. */
  let kept: { inBase: number; changed: number } | null = null
  let hasFailed = false

  const few = (): number => Math.max(FEW, (kept?.inBase ?? 0) / 2)

  function drop(): Promise<void> {
    kept = null
    return cache.drop()
  }
  function fail(): void {
    hasFailed = true
    void drop()
  }

  return {
    drop,
    async resume(stamp) {
      const found = await cache.read().catch(() => null)
      const resumed = found && stamp !== null ? resume(found, stamp) : null
      if (resumed) {
        const changed = resumed.changes.reduce((sum, change) => sum + sizeOf(change), 0)
        kept = { inBase: resumed.everybody.length, changed }
      } else void drop()
      return resumed
    },
    note(change) {
      const { step } = change
      if (!step || !kept || hasFailed) return
      kept.changed += sizeOf(change)
      if (kept.changed > AT_MOST * few()) void drop()
      else cache.append(changeOf(step, change)).catch(fail)
    },
    wantsBase: () => !hasFailed && (!kept || kept.changed > few()),
    async renew(read) {
      // What is noted from here on belongs to the new base: asked before its stamp is read.
      kept ??= { inBase: 0, changed: 0 }
      const own = kept
      const before = own.changed
      const upTo = await cache.newest().catch(() => null)
      if (upTo === null) return fail()
      const { from, through, everybody } = await read()
      const base = await baseOf(from, through, everybody, pause)
      // Too much has changed meanwhile: the next quiet time will do.
      if (kept !== own) return
      if (!base) return void drop()
      own.inBase = everybody.length
      own.changed -= before
      await cache.replace(base, upTo).catch(fail)
    },
  }
}

function sizeOf({ entries, gone }: Pick<SearchChange, 'entries' | 'gone'>): number {
  return 1 + entries.length + gone.length
}
