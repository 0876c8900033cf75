import type { CustomerBook, Joined, Notice, SaveResult } from '../book.ts'
import { promise } from './book-context.ts'
import type { CustomerBookOptions } from './book-options.ts'
import { openParts, type BookParts } from './book-parts.ts'
import { readCard } from './card.ts'
import { createCommitNews } from './commit-news.ts'
import { createCommits } from './commits.ts'
import { directoryName } from './database.ts'
import { discardWaiting, takeUpAgain } from './discard.ts'
import { discardDraft, keepDraft, readDrafts } from './drafts.ts'
import { createLogFollower } from './follow-log.ts'
import { openForm, saveForm } from './forms.ts'
import { giveAnswer } from './give-answer.ts'
import { rowIdOf } from './mirror-reads.ts'
import { plain } from './plain.ts'
import { startFollowing } from './start-following.ts'
import { createSummary } from './summary.ts'
import { removeCustomer, undoChange } from './take-back.ts'
import { readOrRefuse, refusalOf } from './unreadable.ts'
import { readWaiting } from './waiting.ts'
import { createWatchers } from './watchers.ts'

export type { OtherWindows, PageVisibility } from './book-options.ts'

interface Opened extends BookParts {
  readonly summary: ReturnType<typeof createSummary>
}

/** The book of one store, closed; `open` must be called before anything else, once. */
export function createCustomerBook(options: CustomerBookOptions): CustomerBook {
  const { search, newId, onFault } = options
  const commits = createCommits()
  const watchers = createWatchers()
  const endings: (() => void)[] = []
  const joinedListeners = new Set<(joined: Joined) => void>()
  const setAsideListeners = new Set<(count: number) => void>()
  const noticeListeners = new Set<(notice: Notice) => void>()
  const removing = new Map<string, Promise<SaveResult>>()
  let open: Opened | null = null

  function opened() {
    if (!open) throw new Error('the customer book is not open')
    return open
  }
  /** Something changed that is of no customer. */
  const otherwise = () => watchers.changed(new Set())

  async function close(): Promise<void> {
    for (const end of endings.splice(0)) end()
    watchers.close()
    const closing = open
    closing?.pull.stop()
    search.close()
    // What is being written is finished first.
    await closing?.projector.read(() => Promise.resolve()).catch(() => {})
    open = null
    closing?.context.db.close()
  }

  return {
    async open() {
      const parts = await openParts(options, commits, otherwise)
      const follower = createLogFollower({
        ...parts,
        schedule: (ms, run) => options.clock.schedule(ms, run),
        onFault,
        onBehind: otherwise,
      })
      endings.push(() => follower.end())
      open = { ...parts, summary: createSummary({ ...parts, search, isBehind: () => follower.isBehind() }) }
      const news = createCommitNews({
        ...options,
        ...parts,
        onChanged: (localIds) => watchers.changed(localIds),
        onJoined: (joined) => joinedListeners.forEach((listener) => listener(joined)),
      })
      try {
        return await startFollowing({
          ...options,
          ...parts,
          commits,
          news,
          follower,
          untilClosed: (end) => endings.push(end),
          isOpen: () => open !== null,
          onSetAside: (count) => setAsideListeners.forEach((listener) => listener(count)),
          onNotice: (notice) => noticeListeners.forEach((listener) => listener(notice)),
        })
      } catch (error) {
        // Closed by somebody else, the database is not to blame for what cannot be read any more.
        const refusal = open === null ? error : refusalOf(error)
        await close()
        throw refusal
      }
    },
    close,
    search: (text, { offset, limit }) => search.query(text, offset, limit),
    alike: (fields, exceptLocalId) => search.alike(plain(fields), exceptLocalId),
    watchCard(localId, listener) {
      const { context, projector } = opened()
      let rowId = localId
      return watchers.watch(
        () =>
          projector.read((mirror) => {
            rowId = rowIdOf(mirror, localId)
            return readCard(context.db, mirror, localId, context.compare)
          }),
        (concerned) => concerned.has(rowId) || concerned.has(localId),
        listener,
      )
    },
    watchJoined(listener) {
      joinedListeners.add(listener)
      return () => joinedListeners.delete(listener)
    },
    watchSetAside(listener) {
      setAsideListeners.add(listener)
      return () => setAsideListeners.delete(listener)
    },
    watchNotice(listener) {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
    watchSummary: (listener) =>
      watchers.watch(
        () => opened().summary(),
        () => true,
        listener,
      ),
    openForm: (localId) => openForm(opened().context, localId),
    save: (form, fields, consent) => saveForm(opened().context, plain(form), plain(fields), plain(consent)),
    remove(card) {
      const { localId } = card.row
      // A second click is the same wish.
      const under = removing.get(localId)
      if (under) return under
      const removal = removeCustomer(opened().context, card).finally(() => removing.delete(localId))
      removing.set(localId, removal)
      return removal
    },
    async setShowEveryConflict(on) {
      const localId = newId() // of no customer: the setting is the store's
      const fact = { kind: 'show-every-conflict', on } as const
      const result = await promise(opened().context, [{ kind: 'fact', id: newId(), localId, fact }])
      return result.kind === 'promised' ? { kind: 'saved', localId, opId: null } : result
    },
    undo: (localId, opId) => undoChange(opened().context, localId, opId),
    waiting: (limit) => opened().projector.read((mirror) => readWaiting(opened().context.db, mirror, limit)),
    discard: (shown, reason) => discardWaiting(opened().context, plain(shown), plain(reason)),
    takeUp: (change) => takeUpAgain(opened().context, plain(change)),
    answer: (card, given) => giveAnswer(opened().context, plain(card), plain(given)),
    keepDraft: (draft) => keepDraft(opened().context.db, draft),
    discardDraft: (opId) => discardDraft(opened().context.db, opId),
    drafts: () => readOrRefuse(readDrafts(opened().context.db)),
    keepAnswer: (draft) => opened().projector.read((mirror) => opened().answers.keep(mirror, draft)),
    discardAnswer: (opId) => opened().answers.discard(opId),
    answerDrafts: () => readOrRefuse(opened().projector.read((mirror) => opened().answers.all(mirror))),
  }
}

/** The key under which other windows, the lock and the memory know a store. */
export const storeKey = directoryName
