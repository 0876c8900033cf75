import type { CustomerFields, Patch, SeenCard } from '../customer/customer.ts'

/** Whose directory an operation belongs to (S16). The store before the first sign-in has a merchant id of its own. */
export interface StoreId {
  readonly merchantId: string
  readonly environment: 'production' | 'sandbox' | 'practice'
}

/** One true pair of version and content from Square; used for the version only, never as the merge base (S3). */
export interface Basis {
  readonly squareId: string
  readonly version: string
  readonly fields: CustomerFields
  readonly groupIds: readonly string[]
  readonly creationSource: string
}

interface OperationBase {
  /** UUID; for a create also the idempotency key (S4). */
  readonly id: string
  readonly localId: string
  readonly store: StoreId
  /** Who, where known; and the PC's clock as a label. Display only. */
  readonly by?: string
  readonly at?: string
}
export interface CreateOperation extends OperationBase {
  readonly kind: 'create'
  /** Every `base` is null. */
  readonly patch: Patch
  /** Square id of the deleted customer this one replaces ("Add again"). */
  readonly recreates?: string
  /** The creates in doubt that this one goes in the stead of ("Add separately"), and those they did; noted by main. */
  readonly insteadOf?: readonly InDoubt[]
  /** Whom staff told apart from the creates that this one goes in the stead of; noted by main. */
  readonly apartFrom?: readonly ToldApart[]
}
/** A create of which nobody knew whether Square had done it, as it was when a person was asked (S9). */
export interface InDoubt {
  /** Square's clock in ms since the epoch at its first attempt; 0: not known. */
  readonly since: number
  /** What was sent. */
  readonly sent: Partial<CustomerFields>
  /** Square ids of the customers the person was shown. */
  readonly shown: readonly string[]
}
/** Staff were shown customers who are alike, and said: create separately (S9). */
export interface ToldApart {
  /** Square ids of those they were shown. */
  readonly shown: readonly string[]
  /** What was typed then, of that by which a new customer is looked for. */
  readonly typed: Partial<CustomerFields>
}
export interface UpdateOperation extends OperationBase {
  readonly kind: 'update'
  readonly patch: Patch
  /** Square's id of the row when the form was opened; null while its create is waiting. */
  readonly squareId: string | null
  readonly basis: Basis | null
}
export interface DeleteOperation extends OperationBase {
  readonly kind: 'delete'
  /** The id that was confirmed; a delete never follows it to another id unasked (S10). */
  readonly squareId: string | null
  readonly basis: Basis | null
  readonly seen: SeenCard
}
export type Operation = CreateOperation | UpdateOperation | DeleteOperation
