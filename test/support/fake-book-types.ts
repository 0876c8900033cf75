import type {
  CustomerField,
  CustomerFields,
  Patch,
  RemoteCustomer,
  SeenCard,
} from '#shared/customer/customer.ts'
import type { DraftRefusal, Question, QuestionBody } from '#shared/outbox/record.ts'
import type {
  BookSummary,
  CustomerBook,
  CustomerCard,
  HistoryItem,
  Notice,
  OpenOperation,
  OpenedBook,
  SaveResult,
} from '#renderer/book.ts'

export const EMPTY_PATCH: Patch = {}
export interface FakeOperation {
  readonly id: string
  readonly kind: 'create' | 'update' | 'delete'
  readonly patch: Patch
  readonly everSent: boolean
  readonly at: string
  readonly attempts: number
  readonly lastAnswer: OpenOperation['lastAnswer']
}
export interface FakeCustomer {
  readonly localId: string
  remote: RemoteCustomer | null
  open: readonly FakeOperation[]
  question: Question | null
  history: readonly HistoryItem[]
  consent: CustomerCard['consent']
  loading: boolean
  deleted: boolean
  /** The card a deletion was asked about. */
  seen?: SeenCard
  undo?: { readonly opId: string; readonly patch: Patch }
}
export interface FakeBookOptions {
  readonly customers?: readonly Partial<CustomerFields>[]
  readonly pull?: BookSummary['pull']
  readonly notice?: OpenedBook['notice']
  /** The PC's clock (a label). */
  readonly now?: string
}

/** The book of the screens, and the strings a test pulls behind it. */
export interface FakeBook extends CustomerBook {
  /** A customer who is already in Square; the answer is the local id. */
  seed(fields: Partial<CustomerFields>): string
  get(localId: string): FakeCustomer
  /** Square takes everything that waits (of one customer). */
  arrive(localId?: string): void
  /** A change made on this PC that waits. */
  edit(localId: string, fields: Partial<CustomerFields>): void
  /** So often the newest change was sent, and that came of the last attempt. */
  tried(localId: string, attempts: number, lastAnswer: OpenOperation['lastAnswer']): void
  /** `waiting` fails from now on, or answers again. */
  setUnreadable(on: boolean): void
  /** The log has moved on and this window could not follow. */
  setBehind(on: boolean): void
  /** A question; of a deletion, about the card as it is on this PC until then: Square's copy takes its place. */
  ask(localId: string, question: QuestionBody): void
  touch(localId: string, change: Partial<FakeCustomer>): void
  merged(localId: string, mine: readonly CustomerField[], theirs: readonly CustomerField[]): void
  /** Square merged somebody called that into this customer. */
  joined(localId: string, was: Partial<CustomerFields>, edited: boolean): void
  remoteOf(id: string, fields: CustomerFields, version?: string): RemoteCustomer
  /** So many customers were found, after the start, that could not be read. */
  foundLater(notice: Notice): void
  foundDamaged(count: number): void
  setPull(pull: BookSummary['pull']): void
  setUnwritable(reason: Extract<SaveResult, { kind: 'unwritable' }>['reason'] | null): void
  setRefusal(refusal: DraftRefusal | null): void
}
