import type { Batch, MirrorPosition } from '#shared/ipc/contract.ts'
import type { LogSnapshot } from '#shared/outbox/log-state.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Draft, LogRecord } from '#shared/outbox/record.ts'
import type { NewId } from '#shared/ports.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import type { Commits, Commit } from './commits.ts'
import type { Directory } from './database.ts'
import { writeBatch } from './directory-writer.ts'
import { isAsOnDisk, readMirror, type LogMirror } from './log-mirror.ts'
import type { Position } from './mirror-mark.ts'
import { MirrorMoved } from './mirror-moved.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { writePage, type PulledPage } from './pages-writer.ts'
import { readRows } from './read-rows.ts'
import { replaceDamaged } from './replace-damaged.ts'
import { RowNotLoaded } from './row-not-loaded.ts'
import { touchedKeys } from './touched-keys.ts'

/** The mirror's line to the log in main. A rejected promise means that main could not be asked. */
export interface LogLine {
  since(mirror: MirrorPosition): Promise<Batch>
  restore(request: { mirror: MirrorPosition; state: LogSnapshot }): Promise<Batch>
}

/** Keeps the directory equal to what the log says, one projection at a time. */
export interface Projector {
  /** Asks the log what is new and applies it. */
  catchUp(): Promise<Projection>
  /** From now on called whenever the log was asked and what it said is applied, whoever wanted it. One listener. */
  onCaughtUp(listener: (projection: Projection) => void): void
  /**
   * The log says it has got to `seq`: catches up, unless that is here already or comes with what is being saved. False: the
   * log lacks something that it could not be given back now.
   */
  follow(seq: number): Promise<boolean>
  /** Until this is settled hints wait: its own batch comes with its answer (S1). */
  saving<T>(save: Promise<T>): Promise<T>
  /** Reads what these drafts will touch, while the log writes them. */
  readAhead(drafts: readonly Draft[]): Promise<void>
  /**
   * Applies the batch that came back with an append; `asked` is the position that was sent with it (S1). Where its rows
   * are in hand it resolves before they are written: who reads from then on waits for the write. Should that fail, the log
   * is asked again before anybody reads, and by `follow` until the directory takes it.
   */
  applyBatch(batch: Batch, asked: MirrorPosition): Promise<void>
  /** Applies a page of a pull, after catching up: whether rows are held back depends on the log (S9). */
  applyPage(page: PulledPage): Promise<void>
  /** Sets aside which of these rows cannot be read, and answers how many they were (S15). */
  setAside(localIds: readonly string[]): Promise<number>
  /** Reads the mirror while nothing is being applied. */
  read<T>(look: (mirror: LogMirror) => Promise<T>): Promise<T>
  /** Another window of the store has written: the mirror is read again. */
  otherWindowWrote(): Promise<void>
  /** Where the mirror is; to be sent with an append. */
  position(): Promise<MirrorPosition>
}
export type Projection = {
  readonly applied: number
  /** The mirror began anew, because it was behind or knew another log. */
  readonly reset: boolean
  /** The log lacked something and has been given it back (S20). */
  readonly restored: boolean
  /** The log lacks something that it could not be given back: nothing is promised to it, or sent (S20). */
  readonly lacks: boolean
  readonly before: Position
}

export interface ProjectorOptions {
  readonly db: Directory
  readonly store: StoreId
  readonly log: LogLine
  readonly newId: NewId
  /** For the rows, with each write that changes any: ids that no directory ever had. */
  readonly newStamp: NewId
  readonly commits: Commits
  /** Runs alone among all windows of the store: whoever asks the log or Square for more than what was just saved. */
  readonly withLock: <T>(run: () => Promise<T>) => Promise<T>
}

/** How often the mirror is read anew before a failure is passed on. */
const ATTEMPTS = 3

/** A projector of this directory; the mirror is read when it is first needed. */
export function createProjector(options: ProjectorOptions): Projector {
  const { db, store, log, newId, newStamp, commits, withLock } = options
  const alone = oneAtATime()
  let held: LogMirror | null = null
  const saves = new Set<Promise<unknown>>()
  let caughtUp: (projection: Projection) => void = () => {}

  const mirror = async (): Promise<LogMirror> => (held ??= await readMirror(db))
  const asked = ({ position, isPartial }: LogMirror): MirrorPosition => ({
    store,
    ...position,
    ...(isPartial ? { partial: true } : {}),
  })

  // After a failure the mirror in memory may be ahead of the disk: it is read again, and the work done anew.
  async function write(run: (mirror: LogMirror, allRows: boolean) => Promise<Commit | null>): Promise<void> {
    let allRows = false
    for (let attempt = 1; ; attempt++) {
      try {
        const current = await mirror()
        const commit = await run(current, allRows)
        if (commit) commits.announce(commit, current)
        return
      } catch (error) {
        held = null
        if (attempt >= ATTEMPTS) throw error
        if (error instanceof RowNotLoaded) allRows = true
        else if (!(error instanceof MirrorMoved)) throw error
      }
    }
  }

  async function catchUpAlone(): Promise<Projection> {
    const first = await askLog()
    if (!first.again) return first
    const then = await askLog()
    return { ...then, applied: first.applied + then.applied, before: first.before }
  }

  async function askLog(): Promise<Projection & { readonly again: boolean }> {
    let result: (Projection & { again: boolean }) | null = null
    await write(async (current, allRows) => {
      const before = current.position
      const since = await log.since(asked(current))
      const batch = since.lostTail
        ? await log.restore({ mirror: asked(current), state: toSnapshot(current.state) })
        : since
      // One of a later generation takes nothing from this mirror: if it goes on, then with the rest.
      const restored = since.lostTail && since.generation <= before.generation && !batch.lostTail
      result = {
        applied: batch.records.length,
        reset: batch.reset,
        restored,
        lacks: batch.lostTail,
        before,
        again: batch.again === true,
      }
      return isNews(batch, before)
        ? writeBatch({ db, mirror: current, newId, newStamp, allRows }, batch)
        : null
    })
    caughtUp(result!)
    return result!
  }

  // Without the lock: the transaction itself finds out whether another window has written, and then writes nothing. The
  // batch goes on from the position that was sent; what the mirror has got meanwhile is passed over.
  async function appliedAtOnce(
    batch: Batch,
    sent: MirrorPosition,
    onProjected: () => void,
  ): Promise<boolean> {
    const current = await mirror()
    const { generation, lastSeq } = current.position
    if (generation !== sent.generation || lastSeq < sent.lastSeq) return false
    if (batch.lostTail || batch.reset) return false
    if (!isNews(batch, current.position)) return true
    let told: Commit | null = null
    const tell = (commit: Commit) => {
      told = commit
      commits.announce(commit, current)
      onProjected()
    }
    try {
      const commit = await writeBatch(
        { db, mirror: current, newId, newStamp, allRows: false, onProjected: tell },
        batch,
      )
      if (!told) commits.announce(commit, current)
      return true
    } catch {
      held = null
      if (told) await tellAsOnDisk(told)
      return false
    }
  }

  /** What was told has not been written: those rows are told as they are. */
  async function tellAsOnDisk({ put, removed, concerned }: Commit): Promise<void> {
    const ids = [...put.map(({ localId }) => localId), ...removed]
    const rows = await readRows(db, ids, [])
    const found = new Set(rows.map(({ localId }) => localId))
    const gone = ids.filter((id) => !found.has(id))
    commits.announce({ put: rows, removed: gone, concerned }, await mirror())
  }

  return {
    catchUp: () => alone(() => withLock(catchUpAlone)),
    onCaughtUp: (listener) => void (caughtUp = listener),
    async follow(seq) {
      // The hint overtakes the answer to the append that caused it: one projection is enough for both.
      await Promise.allSettled(saves)
      return alone(async () => {
        if ((await mirror()).position.lastSeq >= seq) return true
        const { lacks } = await withLock(catchUpAlone)
        return !lacks
      })
    },
    saving(save) {
      saves.add(save)
      const settled = () => void saves.delete(save)
      save.then(settled, settled)
      return save
    },
    readAhead: (drafts) => alone(async () => readAhead(db, await mirror(), drafts)),
    applyBatch: (batch, sent) =>
      new Promise((projected, failed) => {
        alone(async () => {
          if (!(await appliedAtOnce(batch, sent, projected))) await withLock(catchUpAlone)
        }).then(projected, failed)
      }),
    applyPage: (page) =>
      alone(() =>
        withLock(async () => {
          await catchUpAlone()
          await write((current, allRows) =>
            writePage({ db, mirror: current, newId, newStamp, allRows }, page),
          )
        }),
      ),
    setAside: (localIds) =>
      alone(() =>
        withLock(async () => {
          let count = 0
          await write(async (current) => {
            const commit = await replaceDamaged({ db, mirror: current, newStamp }, localIds)
            count = commit.put.length + commit.removed.length
            return commit
          })
          return count
        }),
      ),
    read: (look) => alone(async () => look(await mirror())),
    async otherWindowWrote() {
      await alone(async () => {
        if (held && !(await isAsOnDisk(db, held))) held = null
      })
    },
    position: () => alone(async () => asked(await mirror())),
  }
}

function isNews(batch: Batch, { generation, lastSeq }: Position): boolean {
  if (batch.lostTail) return false // the log could not be given back what it lost
  return batch.reset || batch.generation !== generation || batch.through > lastSeq
}

/** The rows these drafts will touch are in hand afterwards, as far as the drafts alone tell. */
async function readAhead(db: Directory, mirror: LogMirror, drafts: readonly Draft[]): Promise<void> {
  const { state, redirects, rowsInHand } = mirror
  const records = drafts.flatMap((draft): LogRecord[] =>
    draft.kind === 'queue' ? [{ kind: 'queued', op: draft.op, replaces: draft.replaces, seq: 0 }] : [],
  )
  const keys = touchedKeys(state, redirects, records)
  if (rowsInHand.all(keys)) return
  for (const row of await readRows(db, [...keys.localIds], [...keys.squareIds])) rowsInHand.hold(row)
}
