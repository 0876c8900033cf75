/**
 * Where public facts end, a flag begins; the defaults are the ones that are safest to prove a client against.
 * BEHAVIOUR.md says of each how sure it is. Plain JSON; times in milliseconds.
 */
export interface PracticeFlags {
  /** A Square-Version must have been released, or may be any day. */
  readonly versions: 'released' | 'any-day'

  /** By how much a change raises the version. */
  readonly versionStep: number
  /** Does an update that changes nothing still raise the version? */
  readonly noOpBumps: boolean
  /** Does joining or leaving a group raise the version of the customer? */
  readonly groupsBump: boolean
  /** HTTP status of CONFLICT. */
  readonly conflictStatus: 400 | 409
  /** Update and delete under the id of a merged profile: 404, or they reach the profile it became part of. */
  readonly mergedWrites: 'not-found' | 'followed'
  /** Clearing the last identity field is refused, or leaves a profile that nobody finds. */
  readonly lastIdentity: 'refused' | 'cleared'

  /** An address in an update since 2022-11-16: only the parts given, or the whole. Before, it was always the whole. */
  readonly addressRule: 'merge' | 'replace'
  /** The same for an address in a bulk update. */
  readonly bulkAddressRule: 'merge' | 'replace'
  /** `""` clears a field since 2024-01-18, or is refused. Before, it always cleared. */
  readonly emptyText: 'clears' | 'refused'
  /** `null` without X-Clear-Null from 2022-11-16 to 2024-01-17. */
  readonly nullWithoutHeader: 'ignored' | 'clears'

  /** Text is stored as sent, or without blanks around it. */
  readonly trimText: boolean
  /** E-mail addresses are stored as sent, or in lower case. */
  readonly lowerCaseEmail: boolean
  /** Phones: 9 to 16 digits will do, or they must be numbers of a numbering plan. */
  readonly phoneRule: 'digits' | 'numbering-plan'
  /** Most UTF-16 units in one part of an address. */
  readonly addressLimit: number

  /** What the same key and body brings back: the first answer, or the customer as it is now. */
  readonly replay: 'original' | 'current'
  /** How long an idempotency key is remembered; null: for ever. */
  readonly keyWindowMs: number | null
  /** A bulk request breaks off after so many entries with a 429 and leaves what was done; null: it runs to its end. */
  readonly bulkStopsAfter: number | null

  /** `updated_at` without milliseconds, as seen. */
  readonly wholeSeconds: boolean
  /** Time ranges exclude their end, or include it. */
  readonly rangeEnd: 'exclusive' | 'inclusive'
  /** The limit of a page is advisory: pages hold as many as asked, or half. */
  readonly pages: 'as-asked' | 'half'
  /** How long a cursor is good; null: for ever. */
  readonly cursorLifetimeMs: number | null
  /** `cards` on a customer retrieved by id, although no specification since 2024-12-18 has it. */
  readonly cardsOnRetrieve: boolean
  /** A profile that was deleted or merged away comes back under a new id, or under its own. */
  readonly restoredId: 'new' | 'same'
  /** What is wrong with a sign-in: in the usual envelope, or as `{message, type}`. */
  readonly oauthErrors: 'envelope' | 'message'
}

/** What a practice store does unless it is told otherwise. */
export const DEFAULT_FLAGS: PracticeFlags = {
  versions: 'released',
  versionStep: 1,
  noOpBumps: true,
  groupsBump: true,
  conflictStatus: 409,
  mergedWrites: 'not-found',
  lastIdentity: 'refused',
  addressRule: 'merge',
  bulkAddressRule: 'merge',
  emptyText: 'clears',
  nullWithoutHeader: 'ignored',
  trimText: false,
  lowerCaseEmail: false,
  phoneRule: 'digits',
  addressLimit: 500,
  replay: 'original',
  keyWindowMs: null,
  bulkStopsAfter: null,
  wholeSeconds: true,
  rangeEnd: 'exclusive',
  pages: 'as-asked',
  cursorLifetimeMs: null,
  cardsOnRetrieve: true,
  restoredId: 'new',
  oauthErrors: 'envelope',
}
