/**
 * What a run of many seeds must have been through: a situation that is never reached proves nothing. Named by what counts
 * them: `fault` what the network and Square did to a write, `answered` the rows of the answer table as the log has them,
 * `asks` questions, `answer` what staff answered, `refused` what main did not take from a window.
 */
export const SITUATIONS = [
  'fault: drop',
  'fault: dropKnown',
  'fault: late',
  'fault: lost',
  'fault: rateLimit',
  'fault: serverError',
  'fault: twice',
  'fault: unreadable',
  'fault: forbidden',
  'fault: tokenDies',
  'bulk: broke off',
  'bulk: item missing in the answer',
  'bulk: one',
  'bulk: several',
  'crash',
  'offline',
  'log lost a record',
  'log lost its tail',
  'log restored from the mirror',
  'saved before the log had its end back',
  'log.compacted',
  'mirror rolled back',
  'mirror wiped',
  'profile copied',
  'second start refused',
  'saved again after a crash',
  'double click',
  'answered: applied equal',
  'answered: applied sent',
  'answered: applied chosen',
  'answered: conflict',
  'answered: gone',
  'answered: not-applied forbidden',
  'answered: not-applied rate-limited',
  'answered: not-applied signed-out',
  'answered: not-found',
  'answered: not-sent',
  'answered: refused',
  'in doubt: applied at another attempt',
  'in doubt: asked',
  'in doubt: found applied',
  'in doubt: found deleted',
  'in doubt: sent again',
  'a write followed a merge: update',
  'merge with one in doubt',
  'merge with waiting operations',
  'merge seen by a sweep',
  'asked whether they are back',
  'asks: conflict',
  'asks: copied',
  'asks: create-duplicate',
  'asks: create-unknown',
  'asks: delete-changed',
  'asks: gone',
  'asks: merged-delete',
  'asks: refused',
  'answer: conflict',
  'answer: copied',
  'answer: create-duplicate',
  'answer: create-unknown',
  'answer: delete-changed',
  'answer: gone',
  'answer: merged-delete',
  'answer: refused',
  'answered while Square has moved on',
  'question asked anew',
  'question lifted',
  'copied: sent from this PC',
  'unsent work taken in',
  'refused: already-closed',
  'refused: already-sent',
  'refused: disk full',
  'refused: operations-moved',
  'refused: question-moved',
  'squash',
  'squash of what never arrived',
  'undo by a counter-edit',
  'undo of something unsent',
  'create and delete, never sent',
  'withdrawn: accept-deletion',
  'withdrawn: copied',
  'withdrawn: discard',
  'withdrawn: keep-square',
  'withdrawn: never-sent',
  'withdrawn: undo',
  'colleague creates',
  'colleague deletes',
  'colleague edits',
  'colleague merges',
  'colleague restores',
  'colleague reverts',
  'colleague takes a merge apart',
  'colleague touches something else',
  'sweep',
  'token refused',
  'answered: applied adopted',
  'answered: reused',
  'fault: reused',
  'fault: cursor expired',
  'in doubt: found by search',
] as const

/** A few times in 200 seeds, so that a small change of the product could make it none: asked of long runs alone. */
export const RARE_SITUATIONS = [
  'a write followed a merge: delete',
  'refused: candidate-taken',
  'refused: has-question',
  'unsent work known already',
] as const

/** A night is so many seeds. */
export const NIGHTLY_SEEDS = 150_000
/** In a night each is reached so often; in a shorter nightly run still, where it is not rare. */
export const NIGHTLY_TIMES = 100

/** How often a nightly run of so many seeds reaches a rare situation at least: as a whole night, in proportion. */
export function rareTimes(seeds: number): number {
  return Math.ceil(NIGHTLY_TIMES * Math.min(1, seeds / NIGHTLY_SEEDS))
}

/** Which of them a run reached less than so many times. */
export function missed(
  counts: Readonly<Record<string, number>>,
  situations: readonly string[],
  times: number,
): string[] {
  return situations.filter((what) => (counts[what] ?? 0) < times)
}
