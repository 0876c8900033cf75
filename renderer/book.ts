import type {
  CustomerField,
  CustomerFields,
  FieldValue,
  RemoteCustomer,
  SeenCard,
} from '#shared/customer/customer.ts'
import type { CustomerRow, RowStatus } from '#shared/directory/row.ts'
import type { Basis, Operation } from '#shared/outbox/operation.ts'
import type {
  AnswerKind,
  Discarded,
  Question,
  QuestionKind,
  DraftRefusal,
  Patch,
} from '#shared/outbox/record.ts'
import type { Refusal } from '#shared/sync/failure.ts'

/**
 * The customer book as the screens see it: the one door between views and data (`renderer/db` implements it, component
 * tests use a fake). Everything handed out is a plain object; nothing handed in may be a reactive proxy.
 */
export interface CustomerBook {
  /**
   * Opens the store's directory, projects the log, starts pulling. Resolves when the list can be used; rejects with
   * `BookRefused` where the directory cannot be opened or read (S25). A book that did not open is closed.
   */
  open(): Promise<OpenedBook>
  close(): Promise<void>

  /** All customers in name order (empty text) or the matches, best first; a window of them for the virtual list. */
  search(text: string, window: { readonly offset: number; readonly limit: number }): Promise<SearchAnswer>
  /** Customers on this PC that could be the same person as what is being typed, best first, at most five. */
  alike(fields: Partial<CustomerFields>, exceptLocalId: string | null): Promise<readonly ListRow[]>

  /** Calls back at once and after every committed change of that customer; null when it is not in the book. */
  watchCard(localId: string, listener: (card: CustomerCard | null) => void): () => void
  /** Calls back whenever this window hears that Square made one customer of two. */
  watchJoined(listener: (joined: Joined) => void): () => void
  /** Calls back with how many customers were found, after the start, that could not be read, and are fetched again (S15). */
  watchSetAside(listener: (count: number) => void): () => void
  /** Calls back with what the start would have said, had the log been there to be asked. */
  watchNotice(listener: (notice: Notice) => void): () => void
  /** Calls back at once and after every change of the counts, the pull or the list. */
  watchSummary(listener: (summary: BookSummary) => void): () => void

  /** A fresh form for that customer, or for a new one. Null: the customer is loading or no longer exists. */
  openForm(localId: string | null): Promise<FormStart | null>
  /** Saves what the form holds. Same `opId`, same promise: saving twice saves once. */
  save(form: FormStart, fields: CustomerFields, consent: ConsentAnswer | null): Promise<SaveResult>
  /** Deletes the customer as shown on that card. */
  remove(card: CustomerCard): Promise<SaveResult>
  /** Takes back the given change: withdrawn while unsent, else a counter-edit. */
  undo(localId: string, opId: string): Promise<SaveResult>
  answer(card: CustomerCard, answer: PersonAnswer): Promise<SaveResult>

  /**
   * Customers with something that is not in Square: those with a question first, else the oldest promise first; at most
   * `limit` of them. Rejects where the directory cannot be read.
   */
  waiting(limit: number): Promise<WaitingList>
  /** Takes back what `discardable` names (S27); refused where something moved since it was shown. */
  discard(shown: WaitingCustomer, reason: Discarded): Promise<DiscardResult>
  /** Promises a discarded change anew (S27). The same change twice promises once. */
  takeUp(change: DiscardedChange): Promise<SaveResult>

  /** S19: asks also where a rule could combine; holds for this store until it is turned off. */
  setShowEveryConflict(on: boolean): Promise<SaveResult>

  /** What was being typed survives a reload or a crash: kept on each pause in typing, gone once saved or discarded. */
  keepDraft(draft: FormDraft): Promise<void>
  discardDraft(opId: string): Promise<void>
  /** Rejects with `BookRefused` where the directory cannot be read; so does `answerDrafts`. */
  drafts(): Promise<readonly FormDraft[]>

  /**
   * What was answered of a question and not given yet survives as well: kept while that operation asks, gone with the
   * question. A later draft of the same operation replaces it.
   */
  keepAnswer(draft: AnswerDraft): Promise<void>
  discardAnswer(opId: string): Promise<void>
  answerDrafts(): Promise<readonly AnswerDraft[]>
}

/** One line for staff where the directory had to be rebuilt, or was older than it had been. */
export type Notice = 'rebuilt' | 'behind'
export interface OpenedBook {
  readonly notice: Notice | null
  /** Customers on this PC that could not be read, kept aside and fetched again (S15). */
  readonly setAside?: number
}
/**
 * Why a book does not open. newer: a newer version of the app has written it; unreadable: the browser cannot open or read it.
 * Nothing was changed or deleted.
 */
export class BookRefused extends Error {
  readonly reason: 'newer' | 'unreadable'
  constructor(reason: 'newer' | 'unreadable') {
    super(`the customer book cannot be opened: ${reason}`)
    this.name = 'BookRefused'
    this.reason = reason
  }
}

export interface ListRow {
  readonly localId: string
  /** Given and family name, else company, else e-mail, else phone: never empty. */
  readonly title: string
  readonly subtitle: string
  readonly phone: string | null
  readonly email: string | null
  readonly status: RowStatus
  /** Ids of the open operations: where one is in `SyncState.sending`, the row says "Sending". */
  readonly openOpIds?: readonly string[]
}
export interface SearchAnswer {
  readonly total: number
  readonly rows: readonly ListRow[]
}

export interface CustomerCard {
  readonly row: CustomerRow
  /** Open operations in order. */
  readonly open: readonly OpenOperation[]
  readonly question: CardQuestion | null
  /** Newest first, at most twenty: what was sent, merged, answered. */
  readonly history: readonly HistoryItem[]
  readonly consent: { readonly given: boolean; readonly at: string } | null
}
export interface OpenOperation {
  readonly id: string
  readonly kind: 'create' | 'update' | 'delete'
  readonly fields: readonly CustomerField[]
  readonly everSent: boolean
  readonly at: string | null
  /** How often it was sent so far. */
  readonly attempts: number
  /** What came of the last attempt. `lost`: no answer came (yet); null: there was none. */
  readonly lastAnswer: AnswerKind | 'lost' | null
}

export interface WaitingList {
  readonly customers: readonly WaitingCustomer[]
  /** Customers in all, also those beyond the limit. */
  readonly total: number
}
export interface WaitingCustomer {
  readonly localId: string
  /** As shown on this PC; where there is no row, as far as the waiting changes tell. */
  readonly fields: Partial<CustomerFields>
  /** Open operations in order. */
  readonly open: readonly OpenOperation[]
  readonly question: WaitingQuestion | null
  /** Ids of the operations that can be discarded, oldest first; empty: none can (S27). */
  readonly discardable: readonly string[]
}
export interface WaitingQuestion {
  readonly id: string
  readonly opId: string
  readonly kind: QuestionKind
  /** What Square refused; null for other questions. */
  readonly refusal: Refusal | null
}
export type DiscardResult =
  { readonly kind: 'discarded'; readonly change: DiscardedChange } | Exclude<SaveResult, { kind: 'saved' }>
export interface DiscardedChange {
  readonly localId: string
  /** What taking it up again promises, under ids of its own; empty where it was in doubt. */
  readonly again: readonly Operation[]
}
export interface CardQuestion {
  readonly opId: string
  readonly question: Question
  /** Ids of all open operations, as shown (S12). */
  readonly shown: readonly string[]
  /** All open patches as one: first base, last local. */
  readonly patch: Patch
  readonly hasDelete: boolean
  /** The card that was confirmed, where a deletion asks; else null. */
  readonly seen: SeenCard | null
}
export interface HistoryItem {
  readonly opId: string
  /** joined: Square merged the customer called `was` into this one. */
  readonly kind:
    'created' | 'updated' | 'deleted' | 'merged' | 'kept-square' | 'undone' | 'discarded' | 'joined'
  readonly at: string
  readonly fields: readonly CustomerField[]
  /** Fields a colleague had changed meanwhile (kind merged). */
  readonly combined: readonly CustomerField[]
  /** Why a person discarded it (kind discarded). */
  readonly reason?: Discarded
  /** What the customer that was merged into this one was called (kind joined). */
  readonly was?: CalledBy
  /** Undo is offered while our values are still there. */
  readonly undoable: boolean
}

/** What a customer is called by. */
export type CalledBy = Pick<
  CustomerFields,
  'givenName' | 'familyName' | 'companyName' | 'emailAddress' | 'phoneNumber' | 'nickname'
>
/** Square made one customer of two (S10). */
export interface Joined {
  /** Every local id that leads to the one that stays. */
  readonly localIds: readonly string[]
  readonly was: CalledBy
  readonly now: CalledBy
  /** Something was saved here for one of them. */
  readonly edited: boolean
}

export interface FormStart {
  readonly opId: string
  readonly localId: string
  readonly isNew: boolean
  /** What the form shows at the start: base of every change. */
  readonly shown: CustomerFields
  readonly squareId: string | null
  readonly basis: Basis | null
  readonly seen: SeenCard
}
export interface FormDraft {
  readonly form: FormStart
  readonly fields: CustomerFields
  /** The tick that they agreed; drafts of earlier versions have none. */
  readonly consent?: boolean
  readonly keptAt: string
}
/** Half an answer: what somebody chose or typed in a question and has not given yet. No more than a form's draft holds. */
export type AnswerDraft = {
  /** The operation that asks. */
  readonly opId: string
  readonly keptAt: string
} & (
  | { readonly kind: 'conflict'; readonly fields: readonly AnsweredField[] }
  | {
      readonly kind: 'refused'
      readonly questionId: string
      readonly fields: CustomerFields
      /** The tick that they agreed, where the whole form was open. */
      readonly consent?: boolean
    }
)
/** How a field of a conflict is decided: one of the sides, both notes, or a value of the person's own. */
export const CHOICES = ['local', 'remote', 'base', 'own', 'both'] as const
export type Choice = (typeof CHOICES)[number]
export interface AnsweredField {
  readonly field: CustomerField
  readonly choice: Choice
  readonly value: FieldValue<CustomerField>
  /** Base, local and remote as they were when it was chosen. */
  readonly triple: string
}
export interface ConsentAnswer {
  readonly given: boolean
  readonly wording: string
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly localId: string; readonly opId: string | null } // null: nothing had changed
  | { readonly kind: 'refused'; readonly refusal: DraftRefusal }
  | {
      readonly kind: 'unwritable'
      readonly reason: 'disk-full' | 'disk-low' | 'read-only' | 'io' | 'damaged' | 'no-store' | 'safe-mode'
    }

/** What a person may answer; which of them fit is decided by the question's kind (protocol, last table). */
export type PersonAnswer =
  /** The whole result, field by field: what differs from Square's copy is sent, nothing else. */
  | { readonly kind: 'resolve'; readonly fields: CustomerFields }
  | { readonly kind: 'keep-square' }
  | { readonly kind: 'delete-anyway' }
  | { readonly kind: 'accept-deletion' }
  | { readonly kind: 'add-again' }
  | { readonly kind: 'use-existing'; readonly candidate: RemoteCustomer }
  | { readonly kind: 'create-separately' }
  | { readonly kind: 'discard' }
  /** copied: promised anew from here, under an id of its own (S20). */
  | { readonly kind: 'promise-again' }
  /** refused: the corrected fields; `without` sends the rest now and keeps nothing of that field. */
  | { readonly kind: 'correct'; readonly fields: CustomerFields; readonly consent?: ConsentAnswer }

export interface BookSummary {
  readonly total: number
  readonly waiting: number
  readonly needYou: number
  /** Local ids of customers with a question, oldest first. */
  readonly questions: readonly string[]
  readonly pull: PullProgress
  /** S19. */
  readonly showEveryConflict: boolean
  /** The log has moved and this window could not follow: the counts may be old (S29). */
  readonly behind?: boolean
}
export type PullProgress =
  | { readonly kind: 'never' }
  | { readonly kind: 'loading'; readonly got: number; readonly of: number | null }
  | {
      readonly kind: 'current'
      readonly asOf: string
      /** How far the look for deleted customers has come, while one is under way (S23). */
      readonly sweep?: { readonly got: number; readonly of: number | null }
      /** Customers in Square that could not be read (S13); absent: none. */
      readonly unreadable?: number
    }
  | {
      readonly kind: 'stale'
      readonly asOf: string | null
      readonly why: 'offline' | 'signed-out' | 'failed'
      /** How far the first load had come; absent where it had not begun, or was complete. */
      readonly first?: { readonly got: number; readonly of: number | null }
    }
