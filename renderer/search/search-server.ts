import { assertNever } from '#shared/exhaustive.ts'
import { isSameMark, type MirrorMark } from '../db/mirror-mark.ts'
import { isStoredRow } from '../db/parse.ts'
import type { Gently } from '../db/stored-rows.ts'
import { createKeptCopy, type KeptCopy, type ReadThrough } from './kept-copy.ts'
import type { SearchCache } from './search-cache.ts'
import type { LoadRequest, SearchReply, SearchRequest } from './search-client.ts'
import { searchEntryOf, type SearchEntry } from './search-entry.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'

/** What the search reaches the directory and the clock through. */
export interface SearchPorts {
  /** Hands out every row of a directory as it is stored; answers how far its mirror was before the first was read. */
  readonly readDirectory: (
    directory: string,
    take: (rows: readonly unknown[]) => void,
    gently?: Gently,
  ) => Promise<MirrorMark>
  /** How far the mirror of that directory is. */
  readonly readMark: (directory: string) => Promise<MirrorMark>
  readonly cacheOf: (directory: string) => SearchCache
  readonly sleep: (ms: number) => Promise<void>
}

/** The directory that is being read into the index, or has been. */
interface Reading {
  readonly directory: string
  readonly locale: string
  readonly index: SearchIndex
  readonly mark: Promise<MirrorMark>
  readonly copy: KeptCopy
  /** Local ids of what could not be read (S15). */
  readonly damaged: string[]
  /** Rows were taken from the copy: that each of them can be read is to be seen (S15). */
  isUnseen: boolean
}

/** Nobody has asked for anything for so long. */
const QUIET_MS = 3_000
/** Damaged rows are looked for after so many times that, also where it is never quiet. */
const PATIENCE = 20
/** Rows read at a time beside the counter, and the pause after them. */
const ROWS_AT_ONCE = 200
const PAUSE_MS = 20
/** Customers whose words are taken apart at a time: some milliseconds. */
const WORDS_AT_ONCE = 500

/** What the worker does with what it is asked, without the worker. */
export function createSearchServer(
  ports: SearchPorts,
  reply: (answer: SearchReply) => void,
): (request: SearchRequest) => void {
  let index = createSearchIndex('en')
  let reading: Reading | null = null
  let requests = 0
  let isPreparing = false
  let isPlanned = false

  function read(directory: string, locale: string): Reading {
    const copy = createKeptCopy(ports.cacheOf(directory), () => ports.sleep(0))
    const into = createSearchIndex(locale)
    const damaged: string[] = []
    const mark = readFromCopy(copy, directory, into).then((at) => {
      if (at) {
        begun.isUnseen = true
        return at
      }
      return ports.readDirectory(directory, (rows) => into.upsert(entriesOf(rows, damaged)))
    })
    const begun: Reading = { directory, locale, index: into, mark, copy, damaged, isUnseen: false }
    // Where it fails whoever loads is told.
    mark.then(
      () => {
        void prepare()
        planLookThrough()
      },
      () => {},
    )
    index = into
    reading = begun
    return begun
  }

  async function readFromCopy(copy: KeptCopy, directory: string, into: SearchIndex) {
    const at = await ports.readMark(directory)
    const resumed = await copy.resume(at.stamp)
    if (!resumed) return null
    into.fill(resumed.everybody)
    for (const { entries, gone } of resumed.changes) {
      into.remove(gone)
      into.upsert(entries)
    }
    return at
  }

  async function load({ call, directory, locale, marks }: LoadRequest): Promise<void> {
    try {
      let loaded = reading
      if (loaded?.directory !== directory || loaded.locale !== locale || !(await isOneOf(marks, loaded.mark)))
        loaded = read(directory, locale)
      await loaded.mark
      reply({ kind: 'loaded', call, damaged: loaded.damaged })
    } catch (error) {
      reply({ kind: 'not-loaded', call, why: error instanceof Error ? error.name : 'unknown' })
    }
  }

  /** Words are taken apart while nobody asks for them. */
  async function prepare(): Promise<void> {
    if (isPreparing) return
    isPreparing = true
    do await ports.sleep(0)
    while (index.prepare(WORDS_AT_ONCE))
    isPreparing = false
  }

  /** Once it is quiet: looks for damaged rows where they were not read, and reads a new base where one is wanted. */
  function planLookThrough(): void {
    const of = reading
    if (isPlanned || !of || !(of.isUnseen || of.copy.wantsBase())) return
    isPlanned = true
    void quiet(of.isUnseen ? PATIENCE : Infinity)
      .then(() => (of === reading ? lookThrough(of) : undefined))
      // It could not be read: the next start reads everything, and tells.
      .catch(() => of.copy.drop())
      .finally(() => (isPlanned = false))
  }

  async function quiet(atMost: number): Promise<void> {
    for (let times = 0; times < atMost; times++) {
      const before = requests
      await ports.sleep(QUIET_MS)
      if (requests === before) return
    }
  }

  async function lookThrough(of: Reading): Promise<void> {
    const damaged: string[] = []
    const gently = { rows: ROWS_AT_ONCE, between: () => ports.sleep(PAUSE_MS) }
    const see = async (take: (entries: readonly SearchEntry[]) => void) => {
      const at = await ports.readDirectory(of.directory, (rows) => take(entriesOf(rows, damaged)), gently)
      of.isUnseen = false
      return at
    }
    if (of.copy.wantsBase()) await of.copy.renew(() => readThrough(of, see))
    if (of.isUnseen) await see(() => {})
    if (damaged.length > 0 && of === reading) reply({ kind: 'damaged', localIds: damaged })
  }

  async function readThrough(
    of: Reading,
    see: (take: (entries: readonly SearchEntry[]) => void) => Promise<MirrorMark>,
  ): Promise<ReadThrough> {
    const found = new Map<string, SearchEntry>()
    const { stamp: from } = await see((entries) => {
      for (const entry of entries) found.set(entry.localId, entry)
    })
    const { stamp: through } = await ports.readMark(of.directory)
    // In the order of names, as far as the index has it: the next start need not sort them.
    const everybody: SearchEntry[] = []
    for (const localId of of.index.inOrder()) {
      const entry = found.get(localId)
      if (entry) everybody.push(entry)
      found.delete(localId)
    }
    return { from, through, everybody: [...everybody, ...found.values()] }
  }

  return (request) => {
    requests++
    switch (request.kind) {
      case 'read':
        read(request.directory, request.locale)
        return
      case 'load':
        void load(request)
        return
      case 'change': {
        const { change } = request
        index.remove(change.gone)
        index.upsert(change.entries)
        reading?.copy.note(change)
        void prepare()
        planLookThrough()
        return
      }
      case 'query':
        return reply({
          kind: 'found',
          call: request.call,
          answer: index.query(request.text, request.offset, request.limit),
        })
      case 'alike':
        return reply({
          kind: 'alike',
          call: request.call,
          rows: index.alike(request.fields, request.exceptLocalId),
        })
      default:
        return assertNever(request)
    }
  }
}

/** What the list shows of these rows as they are stored; ids of those that cannot be read go to `damaged`. */
function entriesOf(rows: readonly unknown[], damaged: string[]): SearchEntry[] {
  const entries: SearchEntry[] = []
  for (const row of rows) {
    if (!isStoredRow(row)) {
      damaged.push((row as { localId: string }).localId)
      continue
    }
    const entry = searchEntryOf(row, [])
    if (entry) entries.push(entry)
  }
  return entries
}

/** False also where the directory could not be read: it may be now. */
async function isOneOf(marks: readonly MirrorMark[], read: Promise<MirrorMark>): Promise<boolean> {
  const mark = await read.catch(() => null)
  return mark !== null && marks.some((known) => isSameMark(known, mark))
}
