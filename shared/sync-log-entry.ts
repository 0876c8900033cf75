import { CUSTOMER_FIELDS, type CustomerField } from './customer/customer.ts'
import { ourId, REFUSAL_CODES, type SyncLogEntry, type SyncLogFact } from './sync-log.ts'

/**
 * The entry as it was written, from JSON read back from disk; null where it is none of this version. Members nobody knows
 * are left behind, and every text is from a closed list or in the shape of our ids: what is shown and passed on holds no
 * free text even where somebody else has written into the file (S15, S28).
 */
export function parseSyncLogEntry(value: unknown): SyncLogEntry | null {
  if (typeof value !== 'object' || value === null) return null
  const found = value as Readonly<Record<string, unknown>>
  const { n, at, kind } = found
  if (!isCount(n) || !isTime(at) || typeof kind !== 'string' || !Object.hasOwn(FACTS, kind)) return null
  const members = Object.entries(FACTS[kind as SyncLogFact['kind']] as Readonly<Record<string, Check>>)
  if (!members.every(([name, fits]) => fits(found[name]))) return null
  return {
    n,
    at,
    kind,
    ...Object.fromEntries(members.map(([name]) => [name, found[name]])),
  } as unknown as SyncLogEntry
}

type Check = (value: unknown) => boolean
type Fact<K extends SyncLogFact['kind']> = Extract<SyncLogFact, { readonly kind: K }>
/** A check for each member of each kind: a new one without a check is a type error. */
type Checks = {
  readonly [K in SyncLogFact['kind']]: { readonly [M in Exclude<keyof Fact<K>, 'kind'>]: Check }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
/** What a Date takes. */
const isTime = (value: unknown): value is number => isCount(value) && value <= 8.64e15
const isOurId: Check = (value) => typeof value === 'string' && ourId(value) !== null
const orNull =
  (fits: Check): Check =>
  (value) =>
    value === null || fits(value)
/** Every word of T, and no other: one that is forgotten or invented is a type error. */
const word =
  <T extends string>(words: Readonly<Record<T, true>>): Check =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(words, value)

type Word<K extends SyncLogFact['kind'], M extends keyof Fact<K>> = Extract<Fact<K>[M], string>
const isField: Check = (value) => CUSTOMER_FIELDS.includes(value as CustomerField)
const isRefusalCode: Check = (value) => value === 'other' || REFUSAL_CODES.some((code) => code === value)

const FACTS: Checks = {
  opened: {
    environment: word<Word<'opened', 'environment'>>({ production: true, sandbox: true, practice: true }),
    open: isCount,
  },
  promised: {
    op: orNull(isOurId),
    what: word<Word<'promised', 'what'>>({ create: true, update: true, delete: true }),
  },
  withdrawn: {
    count: isCount,
    why: word<Word<'withdrawn', 'why'>>({
      undo: true,
      'never-sent': true,
      'keep-square': true,
      'accept-deletion': true,
      discard: true,
      copied: true,
    }),
    reason: orNull(
      word<Word<'withdrawn', 'reason'>>({
        mistake: true,
        'in-square': true,
        'not-wanted': true,
        other: true,
      }),
    ),
  },
  'not-promised': {
    why: word<Word<'not-promised', 'why'>>({
      'question-moved': true,
      'operations-moved': true,
      'being-settled': true,
      'candidate-taken': true,
      'invalid-fields': true,
      'already-closed': true,
      'already-sent': true,
      'has-question': true,
      'not-the-tail': true,
      'customer-gone': true,
      'wrong-store': true,
      'too-many-deletions': true,
      'disk-full': true,
      'disk-low': true,
      'read-only': true,
      io: true,
      'no-store': true,
      'safe-mode': true,
    }),
  },
  sent: { op: orNull(isOurId), attempt: isCount },
  answered: {
    op: orNull(isOurId),
    attempt: isCount,
    answer: word<Word<'answered', 'answer'>>({
      applied: true,
      gone: true,
      conflict: true,
      'not-found': true,
      reused: true,
      refused: true,
      'not-sent': true,
      'not-applied': true,
    }),
    code: orNull(isRefusalCode),
    field: orNull(isField),
  },
  asks: {
    op: orNull(isOurId),
    question: word<Word<'asks', 'question'>>({
      conflict: true,
      gone: true,
      'delete-changed': true,
      'merged-delete': true,
      'create-unknown': true,
      'create-duplicate': true,
      refused: true,
      copied: true,
      orphan: true,
    }),
  },
  noted: {
    record: word<Word<'noted', 'record'>>({
      alias: true,
      fact: true,
      lifted: true,
      copied: true,
      snapshot: true,
    }),
  },
  'not-written': { records: isCount },
  request: {
    request: word<Word<'request', 'request'>>({
      retrieve: true,
      create: true,
      update: true,
      remove: true,
      bulkRetrieve: true,
      bulkCreate: true,
      bulkUpdate: true,
      list: true,
      changedSince: true,
      createdSince: true,
      findExact: true,
      seller: true,
    }),
    about: isCount,
    outcome: word<Word<'request', 'outcome'>>({
      ok: true,
      'not-sent': true,
      unknown: true,
      conflict: true,
      'not-found': true,
      'key-reused': true,
      refused: true,
      'rate-limited': true,
      'signed-out': true,
      forbidden: true,
    }),
    reason: orNull(
      word<Word<'request', 'reason'>>({
        offline: true,
        refused: true,
        dns: true,
        tls: true,
        clock: true,
        timeout: true,
        reset: true,
        'server-error': true,
        unreadable: true,
        oversized: true,
        redirect: true,
      }),
    ),
    came: orNull(isCount),
    ms: isCount,
  },
  line: {
    connection: word<Word<'line', 'connection'>>({ unknown: true, online: true, offline: true }),
  },
  pause: {
    pause: orNull(
      word<Word<'pause', 'pause'>>({
        starting: true,
        'signed-out': true,
        forbidden: true,
        'rate-limited': true,
        'log-unwritable': true,
        'safe-mode': true,
      }),
    ),
  },
}
