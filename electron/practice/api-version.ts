import { isReleased, NEWEST_VERSION } from './api-releases.ts'
import type { PracticeFlags } from './flags.ts'
import { readBirthday } from './birthday.ts'
import { ok, refuse, type Outcome } from './outcome.ts'

export { NEWEST_VERSION }

/** Versions in which something about customers changed, as the changelogs say. */
const CHANGED = {
  /** An update without a field became an error. */
  emptyUpdates: '2021-10-20',
  /** Unknown fields are refused; invalid phones and e-mails have codes of their own; group keys are idempotent. */
  strictBodies: '2022-03-16',
  /** Lengths, phones and birthdays are checked; a birthday is a date, not a time. */
  formats: '2022-10-19',
  /** `null` with X-Clear-Null clears; addresses are merged. */
  clearNull: '2022-11-16',
  /** `null` clears by itself. */
  plainNull: '2024-01-18',
} as const

/** How a request is read, by its Square-Version. */
export interface Dialect {
  readonly unknownFields: 'refused' | 'ignored'
  readonly contactCodes: 'specific' | 'general'
  readonly formats: 'checked' | 'unchecked'
  readonly emptyUpdate: 'refused' | 'accepted'
  readonly nulls: 'clear' | 'ignored'
  readonly emptyText: 'clears' | 'refused'
  readonly addressRule: 'merge' | 'replace'
  readonly groupKeys: 'replayed' | 'refused'
}

/**
 * The rules of a version for a request with or without `X-Clear-Null: true`. The flags decide where the rules of that
 * version are not known.
 */
export function dialectOf(version: string, clearNull: boolean, flags: PracticeFlags): Dialect {
  const since = (date: string) => version >= date
  const middle = since(CHANGED.clearNull) && !since(CHANGED.plainNull)
  const nulls = since(CHANGED.plainNull) || (middle && (clearNull || flags.nullWithoutHeader === 'clears'))
  return {
    unknownFields: since(CHANGED.strictBodies) ? 'refused' : 'ignored',
    contactCodes: since(CHANGED.strictBodies) ? 'specific' : 'general',
    groupKeys: since(CHANGED.strictBodies) ? 'replayed' : 'refused',
    formats: since(CHANGED.formats) ? 'checked' : 'unchecked',
    emptyUpdate: since(CHANGED.emptyUpdates) ? 'refused' : 'accepted',
    nulls: nulls ? 'clear' : 'ignored',
    emptyText: since(CHANGED.plainNull) ? flags.emptyText : 'clears',
    addressRule: since(CHANGED.clearNull) ? flags.addressRule : 'replace',
  }
}

/** Do birthdays leave as times? Then every customer in the answer has to be written anew. */
export function writesBirthdayAsTime(version: string): boolean {
  return version < CHANGED.formats
}

/** Checks a Square-Version header: a day, written YYYY-MM-DD, on which there was a release (flag `versions`). */
export function readVersion(
  header: string | undefined,
  pinned: string,
  now: number,
  flags: PracticeFlags,
): Outcome<string> {
  if (header === undefined || header === '') return ok(pinned)
  const field = 'Square-Version'
  if (!isDay(header))
    return refuse('INVALID_SQUARE_VERSION_FORMAT', 'Square-Version must be a date, YYYY-MM-DD.', field)
  return flags.versions === 'any-day' || isReleased(header, now)
    ? ok(header)
    : refuse('INVALID_SQUARE_VERSION_FORMAT', `There is no Square-Version ${header}.`, field)
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && readBirthday(text) !== null
}
