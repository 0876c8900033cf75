import type { Attempt, Entry, EntrySnapshot, LogSnapshot, LogState } from './log-state.ts'

/** The state as plain JSON; what comes back from `fromSnapshot` is equal to it. Shares nothing with the state. */
export function toSnapshot(state: LogState): LogSnapshot {
  return structuredCloneJson({
    entries: [...state.entries.values()].map(entrySnapshot),
    closed: [...state.closed],
    aliases: [...state.aliases],
    bindings: [...state.bindings],
    moved: [...state.moved],
    made: [...state.made],
    remotes: [...state.remotes.values()],
    showEveryConflict: state.showEveryConflict,
  })
}

/** One open operation of it; shares what is in it with the state. */
export function entrySnapshot(entry: Entry): EntrySnapshot {
  const { op, attempts, question, known, copied, conflicts, createSeparately, shownApart } = entry
  return {
    op,
    attempts: [...attempts],
    question,
    ...(known ? { known } : {}),
    copied,
    conflicts,
    createSeparately,
    ...(shownApart.length > 0 ? { shownApart } : {}),
  }
}

/** A state of its own from a snapshot. */
export function fromSnapshot(snapshot: LogSnapshot): LogState {
  return {
    entries: new Map(
      snapshot.entries.map((saved) => {
        const entry: Entry = {
          op: saved.op,
          attempts: new Map(saved.attempts.map(([n, attempt]): [number, Attempt] => [n, { ...attempt }])),
          closed: null,
          question: saved.question,
          known: saved.known ?? null,
          copied: saved.copied,
          conflicts: saved.conflicts,
          createSeparately: saved.createSeparately,
          shownApart: saved.shownApart ?? [],
        }
        return [saved.op.id, entry]
      }),
    ),
    closed: new Map(snapshot.closed),
    aliases: new Map(snapshot.aliases),
    bindings: new Map(snapshot.bindings),
    moved: new Map(snapshot.moved),
    made: new Map(snapshot.made),
    remotes: new Map(snapshot.remotes.map((remote) => [remote.id, remote])),
    showEveryConflict: snapshot.showEveryConflict,
  }
}

// Everything in a snapshot is JSON by construction (operations and remotes are never changed in place, attempts are).
function structuredCloneJson(snapshot: LogSnapshot): LogSnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as LogSnapshot
}
