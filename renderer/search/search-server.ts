import { assertNever } from '#shared/exhaustive.ts'
import type { SearchReply, SearchRequest } from './search-client.ts'
import { createSearchIndex } from './search-index.ts'

/** What the worker does with what it is asked, without the worker. */
export function createSearchServer(reply: (answer: SearchReply) => void): (request: SearchRequest) => void {
  let index = createSearchIndex('en')
  return (request) => {
    switch (request.kind) {
      case 'start':
        index = createSearchIndex(request.locale)
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
