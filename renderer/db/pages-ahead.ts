import type { PullResult } from '#shared/ipc/contract.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Page } from './pull-context.ts'

/** Pages that came since they were last taken; `failure` where the one after them did not. */
export interface PagesCome {
  readonly pages: readonly Page[]
  readonly failure: Failure | null
}
export interface PagesAhead {
  /** At least one page or a failure. Not to be asked again after a failure or the last page. */
  take(): Promise<PagesCome>
  /** Asks for nothing more. */
  end(): void
}

/** A page that leads back to one that was asked for already would be read for ever. `asked`: with its own cursor. */
export function believed(result: PullResult, asked: ReadonlySet<string | null>): PullResult {
  return result.kind === 'page' && result.cursor !== null && asked.has(result.cursor)
    ? { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
    : result
}

/**
 * Reads a list page after page while those that came before are written: one request at a time, and never more than that
 * many pages ahead.
 */
export function pagesAhead(
  ask: (cursor: string | null) => Promise<PullResult>,
  from: string | null,
  atMost: number,
): PagesAhead {
  const come: PullResult[] = []
  let ended = false
  let whenCome = () => {}
  let whenTaken = () => {}

  async function read(): Promise<void> {
    let cursor = from
    const asked = new Set<string | null>()
    while (!ended) {
      asked.add(cursor)
      const result = believed(await ask(cursor), asked)
      come.push(result)
      whenCome()
      if (result.kind === 'failed' || result.cursor === null) return
      cursor = result.cursor
      while (come.length >= atMost && !ended) await new Promise<void>((resolve) => (whenTaken = resolve))
    }
  }
  void read()

  return {
    async take() {
      while (come.length === 0) await new Promise<void>((resolve) => (whenCome = resolve))
      const taken = come.splice(0)
      whenTaken()
      const pages = taken.filter((result) => result.kind === 'page')
      const last = taken.at(-1)
      return { pages, failure: last?.kind === 'failed' ? last.failure : null }
    },
    end() {
      ended = true
      whenTaken()
    },
  }
}
