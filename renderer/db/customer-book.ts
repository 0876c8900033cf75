import type { Bridge } from '#shared/ipc/bridge.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Clock, NewId } from '#shared/ports.ts'
import type {
  BookSummary,
  CustomerBook,
  Joined,
  OpenedBook,
  PersonAnswer,
  CustomerCard,
  SaveResult,
} from '../book.ts'
import { BookRefused } from '../book.ts'
import type { SearchClient } from '../search/search-client.ts'
import { createKeptAnswers, type KeptAnswers } from './kept-answers.ts'
import { answerDrafts } from './answer-drafts.ts'
import { promise, type BookContext } from './book-context.ts'
import { readCard } from './card.ts'
import { createCommits, type Commit } from './commits.ts'
import { directoryName, openDirectory, type Directory } from './database.ts'
import type { IndexedDbParts } from './idb-request.ts'
import type { DirectoryPull } from './directory-pull.ts'
import { discardDraft, keepDraft, readDrafts } from './drafts.ts'
import { discardWaiting, takeUpAgain } from './discard.ts'
import { consentDraft, openForm, saveForm } from './forms.ts'
import { readJoined } from './joined.ts'
import type { LogMirror } from './log-mirror.ts'
import { markOf } from './mirror-mark.ts'
import { rowIdOf } from './mirror-reads.ts'
import { openPull, pullAnew } from './open-pull.ts'
import { isStoredRow } from './parse.ts'
import { plain } from './plain.ts'
import type { PositionMemory } from './position-memory.ts'
import { createProjector, type Projection, type Projector } from './projector.ts'
import { createSearchFeed, type SearchFeed } from './search-feed.ts'
import { removeCustomer, undoChange } from './take-back.ts'
import { readWaiting } from './waiting.ts'
import { createWatchers } from './watchers.ts'

export interface CustomerBookOptions {
  readonly bridge: Bridge
  readonly store: StoreId
  /** The seller's country: two spellings of one phone number are compared with it. */
  readonly country: string
  readonly search: SearchClient
  readonly newId: NewId
  readonly onFault: (where: string, error: unknown) => void
  readonly clock: Pick<Clock, 'wallIso' | 'sleep' | 'schedule'>
  readonly database: IndexedDbParts
  readonly memory: PositionMemory
  /** Runs alone among all windows of the store. */
  readonly withLock: <T>(run: () => Promise<T>) => Promise<T>
  readonly page: PageVisibility
  /** Other windows of the same store. */
  readonly otherWindows: OtherWindows
}
export interface PageVisibility {
  isVisible(): boolean
  onVisible(listener: () => void): () => void
}
export interface OtherWindows {
  tell(localIds: readonly string[]): void
  onTold(listener: (localIds: readonly string[]) => void): () => void
}

interface Opened {
  readonly context: BookContext
  readonly projector: Projector
  readonly pull: DirectoryPull
  readonly feed: SearchFeed
  readonly answers: KeptAnswers
}

const RETRY_OPEN_MS = [200, 1_000, 5_000]
const RETRY_PROJECTION_MS = 2_000
/** What the log said so long ago and is not in the directory yet: the counts are not true any more (S29). */
const LATE_MS = 900

/** The book of one store, closed; `open` must be called before anything else, once. */
export function createCustomerBook(options: CustomerBookOptions): CustomerBook {
  const { bridge, store, country, search, newId, clock, memory, otherWindows, onFault } = options
  const commits = createCommits()
  const watchers = createWatchers()
  const endings: (() => void)[] = []
  const joinedListeners = new Set<(joined: Joined) => void>()
  const setAsideListeners = new Set<(count: number) => void>()
  const removing = new Map<string, Promise<SaveResult>>()
  let behind = false
  let open: Opened | null = null

  function opened() {
    if (!open) throw new Error('the customer book is not open')
    return open
  }
  const db = (): Directory => opened().context.db

  /** What waits for an answer, and is answered half, may be settled by what just came. */
  async function settleAnswers(projector: Projector): Promise<void> {
    const answers = open?.answers
    if (answers) await projector.read((mirror) => answers.settle(mirror))
  }

  /** Applies what the log has that this window has not; tried again until it succeeds. */
  async function follow(projector: Projector, seq = Infinity): Promise<void> {
    const inTime = clock.schedule(LATE_MS, () => setBehind(true))
    try {
      await projector.follow(seq)
      setBehind(false)
    } catch (error) {
      setBehind(true)
      onFault('book.project', error)
      if (open) endings.push(clock.schedule(RETRY_PROJECTION_MS, () => void follow(projector)))
    } finally {
      inTime()
    }
    // Not within that time: the counts are true already. Half answers that stay too long are forgotten at the next start.
    await settleAnswers(projector).catch((error: unknown) => onFault('book.answers', error))
  }

  function setBehind(now: boolean): void {
    if (behind === now) return
    behind = now
    watchers.changed(new Set())
  }

  function onCommit(feed: SearchFeed, commit: Commit, mirror: LogMirror): void {
    const { put, removed, concerned } = commit
    const ids = new Set([...put.map((row) => row.localId), ...removed, ...concerned])
    feed.apply(commit, mirror)
    memory.write(mirror.position)
    otherWindows.tell([...ids])
    if (commit.joined)
      void tellJoined(mirror, commit).catch((error: unknown) => onFault('book.joined', error))
    watchers.changed(ids)
  }

  async function tellJoined(mirror: LogMirror, commit: Commit): Promise<void> {
    for (const joined of await readJoined(db(), mirror, commit))
      joinedListeners.forEach((listener) => listener(joined))
  }

  /** Another window has written: this one reads those rows again. */
  async function onTold(localIds: readonly string[]): Promise<void> {
    if (!open) return // told just before it was closed
    const { projector, feed } = open
    await projector.otherWindowWrote()
    await projector.read(async (mirror) => {
      const read: unknown[] = await db().customers.bulkGet([...localIds])
      const put = read.filter(isStoredRow)
      const removed = localIds.filter((id) => !put.some((row) => row.localId === id))
      feed.apply({ put, removed }, mirror)
    })
    watchers.changed(new Set(localIds))
  }

  async function start(): Promise<OpenedBook> {
    const found = await openDirectory(store, options.database, {
      sleep: clock.sleep,
      retryAfterMs: RETRY_OPEN_MS,
    })
    if (found.kind === 'refused') {
      search.close()
      throw new BookRefused(found.reason)
    }
    const { db } = found
    const projector = createProjector({
      db,
      store,
      newId,
      newStamp: newId,
      commits,
      withLock: options.withLock,
      log: { since: bridge.invoke['outbox:since'], restore: bridge.invoke['outbox:restore'] },
    })
    const pull = openPull({
      db,
      projector,
      ask: bridge.invoke['directory:pull'],
      vouching: { store, country, vouch: bridge.invoke['directory:vouch'] },
      waiting: () => projector.read((mirror) => Promise.resolve(logSummary(mirror).waiting)),
      schedule: (ms, run) => clock.schedule(ms, run),
      isVisible: () => options.page.isVisible(),
      wallIso: () => clock.wallIso(),
      onFault,
      onProgress: () => watchers.changed(new Set()),
    })
    const context: BookContext = {
      db,
      store,
      projector,
      newId,
      wallIso: () => clock.wallIso(),
      compare: { country },
      appendToLog: bridge.invoke['outbox:append'],
    }
    const feed = createSearchFeed(db, search)
    open = { context, projector, pull, feed, answers: createKeptAnswers(db) }

    const remembered = memory.read()
    const seen = await projector.read((held) => Promise.resolve(markOf(held)))
    endings.push(commits.onCommit((commit, at) => onCommit(feed, commit, at)))
    const first = await projector.catchUp().catch((error: unknown) => {
      onFault('book.project', error)
      return null
    })
    const notice = first && noticeOf(first, remembered)
    let setAside = 0
    const mirror = await projector.read((held) => Promise.resolve(held))
    memory.write(mirror.position)
    search.onDamaged((localIds) => {
      void setAsideNow(localIds).catch((error: unknown) => open && onFault('book.set-aside', error))
    })
    await feed.load(mirror, seen, async (damaged) => {
      setAside = await projector.setAside(damaged)
    })
    // The directory is older than it was, or has holes: everything is listed again.
    if (notice === 'behind' || setAside > 0) await pullAnew(db)
    endings.push(
      // A window that is closing just then reads nothing any more.
      otherWindows.onTold(
        (localIds) => void onTold(localIds).catch((error) => open && onFault('book.told', error)),
      ),
      bridge.on['outbox:changed'](({ seq }) => void follow(projector, seq)),
      bridge.on['directory:wake'](({ reason }) => void pull.wake(reason === 'asked')),
      options.page.onVisible(() => void pull.wake()),
    )
    if (!first) void follow(projector)
    await pull.start()
    return { notice, setAside }
  }

  /** Rows that turned out later not to be readable: what was not read at the start is looked through afterwards (S15). */
  async function setAsideNow(localIds: readonly string[]): Promise<void> {
    const { projector, pull, context } = opened()
    const count = await projector.setAside(localIds)
    if (count === 0) return
    setAsideListeners.forEach((listener) => listener(count))
    // Not while a pull is under way, which would write over it where it ends.
    await pull.wake()
    await pullAnew(context.db)
    await pull.wake()
  }

  let told: BookSummary = NOTHING_COUNTED
  /** Counts that cannot be read now are told as they were, and that they are old (S29). */
  async function summary(): Promise<BookSummary> {
    const { projector, pull } = opened()
    // First how far the pull is, then what there is: never fewer customers than it says.
    const progress = pull.progress()
    if (behind) return { ...told, pull: progress, behind }
    const log = await projector.read((mirror) => Promise.resolve(logSummary(mirror)))
    const { total } = await search.query('', 0, 0)
    told = { total, ...log, pull: progress }
    return told
  }

  async function answer(shown: CustomerCard, given: PersonAnswer): Promise<SaveResult> {
    const { context, projector } = opened()
    const card = plain(shown)
    const { question } = card
    if (!question) return { kind: 'refused', refusal: 'question-moved' }
    const asked = await projector.read(({ state }) =>
      Promise.resolve(state.entries.get(question.opId)?.op ?? null),
    )
    if (!asked) return { kind: 'refused', refusal: 'question-moved' }
    const parts = { card, question, asked, store, newId, at: clock.wallIso(), merge: context.compare }
    const drafts = answerDrafts(parts, plain(given))
    if (!drafts) return { kind: 'refused', refusal: 'question-moved' }
    const consent = given.kind === 'correct' ? given.consent : undefined
    const facts = consent ? [consentDraft(context, card.row.localId, plain(consent))] : []
    const result = await promise(context, [...drafts.drafts, ...facts])
    return result.kind === 'promised'
      ? { kind: 'saved', localId: card.row.localId, opId: drafts.opId }
      : result
  }

  return {
    open: start,
    async close() {
      for (const end of endings.splice(0)) end()
      watchers.close()
      const closing = open
      closing?.pull.stop()
      search.close()
      // What is being written is finished first.
      await closing?.projector.read(() => Promise.resolve()).catch(() => {})
      open = null
      closing?.context.db.close()
    },
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
    watchSummary: (listener) => watchers.watch(summary, () => true, listener),
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
    answer,
    keepDraft: (draft) => keepDraft(db(), draft),
    discardDraft: (opId) => discardDraft(db(), opId),
    drafts: () => readDrafts(db()),
    keepAnswer: (draft) => opened().projector.read((mirror) => opened().answers.keep(mirror, draft)),
    discardAnswer: (opId) => opened().answers.discard(opId),
    answerDrafts: () => opened().projector.read((mirror) => opened().answers.all(mirror)),
  }
}

const NOTHING_COUNTED: BookSummary = {
  total: 0,
  waiting: 0,
  needYou: 0,
  questions: [],
  pull: { kind: 'never' },
  showEveryConflict: false,
}

/** The key under which other windows, the lock and the memory know a store. */
export const storeKey = directoryName

function noticeOf(
  first: Projection,
  remembered: { generation: number; lastSeq: number } | null,
): OpenedBook['notice'] {
  const { before, applied, reset, restored } = first
  if (before.generation === 0) return applied > 0 || remembered !== null ? 'rebuilt' : null
  if (reset && !restored) return 'behind'
  return remembered?.generation === before.generation && before.lastSeq < remembered.lastSeq ? 'behind' : null
}

/** What waits behind a question waits for the person, not for the line: it is not counted as being sent. */
function logSummary(mirror: LogMirror): Omit<BookSummary, 'total' | 'pull'> {
  const open = [...mirror.state.entries.values()].map((entry) => ({
    id: rowIdOf(mirror, entry.op.localId),
    asks: entry.question !== null,
  }))
  const questions = [...new Set(open.filter(({ asks }) => asks).map(({ id }) => id))]
  const waiting = open.filter(({ id }) => !questions.includes(id)).length
  const { showEveryConflict } = mirror.state
  return { waiting, needYou: questions.length, questions, showEveryConflict }
}
