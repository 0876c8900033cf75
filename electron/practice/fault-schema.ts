import { array, boolean, lazy, mixed, number, object, string, type Schema } from 'yup'
import { CHANGES } from './changes-schema.ts'
import { isObject } from './check-fields.ts'
import { checkShape, type Checked } from './check-shape.ts'
import type { Fault, FaultAction, FaultMatch } from './faults.ts'

const ms = () => number().integer().min(0)
const status = () => number().integer().min(200).max(599)
const ONE_LINE = /^[\x20-\x7e]*$/
const headerText = () => string().matches(ONE_LINE, 'must be one line of ASCII')
const HEADERS = mixed().test('headers', 'must be an object of one-line ASCII texts', (value) => {
  if (value === undefined) return true
  return (
    isObject(value) && Object.values(value).every((text) => typeof text === 'string' && ONE_LINE.test(text))
  )
})
const APPLIED = { applied: boolean() }
const RETRY_AFTER = { retryAfter: headerText() }

type Shape<T> = { readonly [K in Exclude<keyof T, keyof FaultMatch | 'kind'>]-?: Schema }

/** What each kind takes beside the requests it is meant for. */
const ACTIONS: { readonly [K in FaultAction['kind']]: Shape<Extract<FaultAction, { kind: K }>> } = {
  delay: { ms: ms().required() },
  'colleague-edits': { id: string(), changes: CHANGES.required() },
  'index-lag': { ms: ms().required() },
  'bulk-stops': { after: number().integer().min(0).required() },
  refuse: {},
  'line-down': { ms: ms().required() },
  drop: {},
  'lose-answer': {},
  answer: {
    status: status().required(),
    headers: HEADERS,
    text: string().defined(),
    ...APPLIED,
  },
  error: {
    code: string().required(),
    detail: string(),
    field: string(),
    status: status(),
    ...APPLIED,
  },
  'expired-token': {},
  'rate-limited': RETRY_AFTER,
  html: { status: status(), ...APPLIED },
  storm: { applied: number().min(0).max(1) },
  poison: { id: string().required(), code: string() },
  'expired-cursor': {},
  redirect: { status: number().oneOf([301, 302, 303, 307, 308]), location: headerText() },
  bomb: { megabytes: number().integer().min(1).max(4096).required() },
  'rate-limit': {
    perSecond: number().positive().required(),
    burst: number().integer().min(1).required(),
    ...RETRY_AFTER,
  },
  'slow-body': { ms: ms().required() },
  'truncated-body': { bytes: number().integer().min(0) },
  'wrong-body': {
    shape: string()
      .oneOf(['null', 'array', 'empty', 'without-id', 'without-version', 'wrong-types'])
      .required(),
  },
  'deliver-twice': { hears: string().oneOf(['first', 'second']) },
}

const MATCH: { readonly [K in keyof FaultMatch]-?: Schema } = {
  method: string().matches(/^[A-Z]+$/, 'must be a method in capitals'),
  path: string(),
  customerId: string(),
  body: string(),
  skip: number().integer().min(0),
  times: mixed().test(
    'times',
    'must be a whole number from 1, or "all"',
    (value) => value === undefined || value === 'all' || (Number.isInteger(value) && Number(value) >= 1),
  ),
  probability: number().min(0).max(1),
  forMs: ms(),
}

const kind = string().oneOf(Object.keys(ACTIONS)).required()

const fault = lazy((value: unknown) => {
  const named = (value as { kind?: unknown } | null)?.kind
  const known = typeof named === 'string' && Object.hasOwn(ACTIONS, named)
  if (!known) return object({ kind }).required()
  return object({ kind, ...ACTIONS[named as FaultAction['kind']], ...MATCH }).noUnknown()
})

/** A list of faults, as the control face and `--faults` take it. */
export const FAULT_LIST: Schema = array().of(fault).required()

/** Reads faults from JSON; what is wrong is named by its path, as in `[1].ms`. */
export function readFaults(value: unknown): Checked<readonly Fault[]> {
  return checkShape(FAULT_LIST, value)
}
