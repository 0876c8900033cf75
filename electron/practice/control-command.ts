import { array, boolean, lazy, number, object, string, type Schema } from 'yup'
import { checkShape, type Checked } from './check-shape.ts'
import { FAULT_LIST } from './fault-schema.ts'
import type { Fault } from './faults.ts'
import { FLAG_SET } from './flags-schema.ts'
import type { PracticeFlags, TokenGrant } from './options.ts'
import type { WireChanges, WireMerchant } from './wire.ts'

/** What can be asked of the control face with POST /control. */
export type ControlCommand =
  | { readonly kind: 'line'; readonly up: boolean }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'clear-faults' }
  | { readonly kind: 'flags'; readonly flags: Partial<PracticeFlags> }
  /** In this order: to a moment (ISO 8601), on by so many ms, stopped or going. */
  | {
      readonly kind: 'clock'
      readonly at?: string
      readonly advanceMs?: number
      readonly stopped?: boolean
    }
  | { readonly kind: 'token'; readonly token: string; readonly state: TokenGrant['state'] }
  /** Another access token, or other rights for one that is there. */
  | {
      readonly kind: 'grant'
      readonly token: string
      readonly scopes: readonly string[]
      readonly merchantId?: string
      readonly expiresInMs?: number
    }
  /** Another merchant, who may sign in; with a token, it has every right there. */
  | {
      readonly kind: 'merchant'
      readonly merchant: { readonly id: string } & Partial<
        Pick<WireMerchant, 'business_name' | 'country' | 'language_code' | 'currency' | 'main_location_id'>
      >
      readonly token?: string
    }
  | ColleagueCommand

/** What somebody at the dashboard does; without a merchant: at the first one. */
export type ColleagueCommand = { readonly merchantId?: string } & (
  | { readonly kind: 'create'; readonly changes: WireChanges }
  | { readonly kind: 'edit'; readonly id: string; readonly changes: WireChanges }
  | { readonly kind: 'revert' | 'remove' | 'restore'; readonly id: string }
  | { readonly kind: 'merge'; readonly ids: readonly string[] }
  /** What Square works out by itself: exactly these customers are in the segment of that name. */
  | { readonly kind: 'segment'; readonly name: string; readonly ids: readonly string[] }
)

const id = () => string().required()
const changes = () => object().required()
const AT = { merchantId: string() }

const COMMANDS: { readonly [K in ControlCommand['kind']]: Readonly<Record<string, Schema>> } = {
  line: { up: boolean().required() },
  faults: { faults: FAULT_LIST },
  'clear-faults': {},
  flags: { flags: FLAG_SET },
  clock: {
    at: string().test(
      'moment',
      'must be an ISO 8601 moment',
      (at) => at === undefined || !Number.isNaN(Date.parse(at)),
    ),
    advanceMs: number().integer(),
    stopped: boolean(),
  },
  token: { token: id(), state: string().oneOf(['valid', 'expired', 'revoked']).required() },
  grant: {
    token: id(),
    scopes: array().of(id()).required(),
    merchantId: string(),
    expiresInMs: number().integer(),
  },
  merchant: {
    merchant: object({
      id: id(),
      business_name: string(),
      country: string().matches(/^[A-Z]{2}$/, 'must be two capital letters'),
      language_code: string(),
      currency: string(),
      main_location_id: string(),
    })
      .noUnknown()
      .required(),
    token: string(),
  },
  create: { changes: changes(), ...AT },
  edit: { id: id(), changes: changes(), ...AT },
  revert: { id: id(), ...AT },
  remove: { id: id(), ...AT },
  restore: { id: id(), ...AT },
  merge: { ids: array().of(id()).required(), ...AT },
  segment: { name: id(), ids: array().of(id()).required(), ...AT },
}
const kind = string().oneOf(Object.keys(COMMANDS)).required()

const COMMAND = lazy((value: unknown) => {
  const named = (value as { kind?: unknown } | null)?.kind
  const known = typeof named === 'string' && Object.hasOwn(COMMANDS, named)
  if (!known) return object({ kind }).required()
  return object({ kind, ...COMMANDS[named as ControlCommand['kind']] }).noUnknown()
})

/** Checks the shape a command of this kind must have; its content is the model's to judge. */
export function readCommand(value: unknown): Checked<ControlCommand> {
  return checkShape(COMMAND, value)
}
