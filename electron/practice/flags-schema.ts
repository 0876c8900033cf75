import { boolean, mixed, number, object, string, type ObjectSchema, type Schema } from 'yup'
import { checkShape, type Checked } from './check-shape.ts'
import type { PracticeFlags } from './flags.ts'

const oneOf = (...words: readonly string[]) => string().oneOf(words)
const whole = (least: number) => number().integer().min(least)

/** What each flag may be. */
const FLAGS: { readonly [K in keyof PracticeFlags]: Schema } = {
  versions: oneOf('released', 'any-day'),
  versionStep: whole(1),
  noOpBumps: boolean(),
  groupsBump: boolean(),
  conflictStatus: mixed().oneOf([400, 409]),
  mergedWrites: oneOf('not-found', 'followed'),
  lastIdentity: oneOf('refused', 'cleared'),
  addressRule: oneOf('merge', 'replace'),
  bulkAddressRule: oneOf('merge', 'replace'),
  emptyText: oneOf('clears', 'refused'),
  nullWithoutHeader: oneOf('ignored', 'clears'),
  trimText: boolean(),
  lowerCaseEmail: boolean(),
  phoneRule: oneOf('digits', 'numbering-plan'),
  addressLimit: whole(1),
  replay: oneOf('original', 'current'),
  keyWindowMs: whole(0).nullable(),
  bulkStopsAfter: whole(0).nullable(),
  wholeSeconds: boolean(),
  rangeEnd: oneOf('exclusive', 'inclusive'),
  pages: oneOf('as-asked', 'half'),
  cursorLifetimeMs: whole(0).nullable(),
  cardsOnRetrieve: boolean(),
  restoredId: oneOf('new', 'same'),
  oauthErrors: oneOf('envelope', 'message'),
}

/** Flags, as the control face and `--flags` take them; those that are absent stay as they are. */
export const FLAG_SET: ObjectSchema<object> = object(FLAGS).noUnknown().required()

/** Reads flags from JSON; what is wrong is named by its path. */
export function readFlags(value: unknown): Checked<Partial<PracticeFlags>> {
  return checkShape(FLAG_SET, value)
}
