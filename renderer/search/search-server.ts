import { assertNever } from '#shared/exhaustive.ts'
import type { MirrorMark } from '../db/log-mirror.ts'
import { isStoredRow } from '../db/parse.ts'
import type { LoadRequest, SearchReply, SearchRequest } from './search-client.ts'
import { searchEntryOf, type SearchEntry } from './search-entry.ts'
import { createSearchIndex } from './search-index.ts'

/** Hands out every row of a directory as it is stored; answers how far its mirror was before the first was read. */
export type ReadDirectory = (
  directory: string,
  take: (rows: readonly unknown[]) => void,
) => Promise<MirrorMark>

/** The directory that is being read into the index, or has been. */
interface Reading {
  readonly directory: string
  readonly locale: string
  readonly mark: Promise<MirrorMark>
  /** Local ids of what could not be read (S15). */
  readonly damaged: string[]
}

/** What the worker does with what it is asked, without the worker. */
export function createSearchServer(
  readDirectory: ReadDirectory,
  reply: (answer: SearchReply) => void,
): (request: SearchRequest) => void {
  let index = createSearchIndex('en')
  let reading: Reading | null = null

  function read(directory: string, locale: string): Reading {
    const into = createSearchIndex(locale)
    const damaged: string[] = []
    const mark = readDirectory(directory, (rows) => {
      const entries: SearchEntry[] = []
      for (const row of rows) {
        if (!isStoredRow(row)) {
          damaged.push((row as { localId: string }).localId)
          continue
        }
        const entry = searchEntryOf(row, [])
        if (entry) entries.push(entry)
      }
      into.upsert(entries)
    })
    mark.catch(() => {}) // whoever loads is told
    index = into
    reading = { directory, locale, mark, damaged }
    return reading
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

  return (request) => {
    switch (request.kind) {
      case 'read':
        read(request.directory, request.locale)
        return
      case 'load':
        void load(request)
        return
      case 'upsert':
        return index.upsert(request.entries)
      case 'remove':
        return index.remove(request.localIds)
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

/** False also where the directory could not be read: it may be now. */
async function isOneOf(marks: readonly MirrorMark[], read: Promise<MirrorMark>): Promise<boolean> {
  const mark = await read.catch(() => null)
  if (!mark) return false
  const { position, pages } = mark
  return marks.some(
    (known) =>
      known.pages === pages &&
      known.position.generation === position.generation &&
      known.position.lastSeq === position.lastSeq,
  )
}
