import type { RemoteCustomer } from '../customer/customer.ts'
import type { LogSnapshot } from '../outbox/log-state.ts'
import type { Draft, DraftRefusal, LogRecord } from '../outbox/record.ts'
import type { StoreId } from '../outbox/operation.ts'
import type { ConnectRequest, ConnectResult, SessionState } from '../session.ts'
import type { Fault } from '../fault.ts'
import type { DirectoryReport, ExportResult, ImportResult, RepairResult, StorageState } from '../storage.ts'
import type { Failure } from '../sync/failure.ts'
import type { SyncState } from '../sync/sync-state.ts'
import type { SyncLogEntry, SyncLogExport } from '../sync-log.ts'

/**
 * The one source of what crosses between renderer and main: channel names and their types. Answers are always values:
 * Electron keeps only the message of a thrown error. Main validates every request (`electron/main/ipc`).
 */
export interface InvokeContract {
  'outbox:append': { request: AppendRequest; response: AppendResult }
  'outbox:since': { request: MirrorPosition; response: Batch }
  /** Only after a batch with `lostTail`: the mirror gives the log back what it lost (S20). */
  'outbox:restore': { request: RestoreRequest; response: Batch }
  'directory:pull': { request: PullRequest; response: PullResult }
  /** Makes looking for them at Square cheaper (S9); what is lost is looked for. */
  'directory:vouch': { request: Vouch; response: null }
  'session:state': { request: null; response: SessionState }
  'session:connect': { request: ConnectRequest; response: ConnectResult }
  'session:disconnect': { request: null; response: SessionState }
  'sync:state': { request: null; response: SyncState }
  'sync:now': { request: null; response: null }
  /** What happened with Square lately, without customer data (S28). */
  'sync:log': { request: null; response: readonly SyncLogEntry[] }
  'sync:log-export': { request: null; response: SyncLogExport }
  'app:info': { request: null; response: AppInfo }
  /** A bug noticed in the window, for the technical log. */
  'app:fault': { request: Fault; response: null }
  'storage:state': { request: null; response: StorageState }
  /** Files are chosen in main's own dialogs: a window never names one. */
  'storage:export': { request: null; response: ExportResult }
  'storage:import': { request: null; response: ImportResult }
  'storage:directory': { request: DirectoryReport; response: RepairResult }
  /** Ends the app and starts it again as usual, out of safe mode (S24). */
  'app:restart': { request: null; response: null }
  'practice:command': { request: PracticeCommand; response: PracticeState }
}
export type InvokeChannel = keyof InvokeContract

/** Hints. Losing one delays, never loses. */
export interface EventContract {
  'outbox:changed': { readonly seq: number }
  'sync:state': SyncState
  'session:changed': SessionState
  'directory:wake': { readonly reason: 'online' | 'resumed' | 'asked' | 'sent' }
}
export type EventChannel = keyof EventContract

/** Names for the preload; each once, and a forgotten or invented one is a type error. */
const INVOKES: Record<InvokeChannel, true> = {
  'outbox:append': true,
  'outbox:since': true,
  'outbox:restore': true,
  'directory:pull': true,
  'directory:vouch': true,
  'session:state': true,
  'session:connect': true,
  'session:disconnect': true,
  'sync:state': true,
  'sync:now': true,
  'sync:log': true,
  'sync:log-export': true,
  'app:info': true,
  'app:fault': true,
  'storage:state': true,
  'storage:export': true,
  'storage:import': true,
  'storage:directory': true,
  'app:restart': true,
  'practice:command': true,
}
const EVENTS: Record<EventChannel, true> = {
  'outbox:changed': true,
  'sync:state': true,
  'session:changed': true,
  'directory:wake': true,
}
export const INVOKE_CHANNELS = Object.keys(INVOKES) as readonly InvokeChannel[]
export const EVENT_CHANNELS = Object.keys(EVENTS) as readonly EventChannel[]

/** How far this mirror has got (S20). generation 0: a mirror that has never seen a log. */
export interface MirrorPosition {
  readonly store: StoreId
  readonly generation: number
  readonly lastSeq: number
  /** Something of it could not be read (S15): it has to come again, and what is left of it is not all there was. */
  readonly partial?: boolean
}
/** `reset`: forget what you believe about the log and start from these records. */
export interface Batch {
  readonly generation: number
  readonly reset: boolean
  readonly records: readonly LogRecord[]
  /** The mirror is at this seq once the records are applied. */
  readonly through: number
  /** The log is behind the mirror in the same generation: it lost its tail. Apply nothing, call `outbox:restore`. */
  readonly lostTail: boolean
  /** Ask once more when these are applied: only a mirror that has all there is can give the log back what it lacks. */
  readonly again?: true
}
export interface RestoreRequest {
  readonly mirror: MirrorPosition
  /** What the mirror believes open, as `toSnapshot` gives it. */
  readonly state: LogSnapshot
}
export interface AppendRequest {
  readonly drafts: readonly Draft[]
  readonly mirror: MirrorPosition
}
/** The batch rides along so that the window which saved can project it before it says "Saved" (S1). */
export type AppendResult =
  | { readonly kind: 'appended'; readonly batch: Batch }
  | { readonly kind: 'refused'; readonly refusal: DraftRefusal; readonly batch: Batch }
  /** Nothing was checked or written: as in a batch with `lostTail` the log is to be given back first what it lost. */
  | { readonly kind: 'lost-tail' }
  | {
      readonly kind: 'unwritable'
      readonly reason: 'disk-full' | 'disk-low' | 'read-only' | 'io' | 'no-store' | 'safe-mode'
    }

export type PullRequest =
  /** `left`, of a first load alone: about so many customers are still to come; null: nobody knows yet. */
  | { readonly kind: 'list'; readonly cursor: string | null; readonly left?: number | null }
  /** `since` is Square's time (ISO) of the last complete pull, overlap already taken off. */
  | {
      readonly kind: 'delta'
      readonly since: string
      readonly cursor: string | null
      readonly asked?: boolean
    }
  /** `asked`: somebody looks on and waits for it (S26). */
  | { readonly kind: 'ids'; readonly squareIds: readonly string[]; readonly asked?: boolean }
/** The directory had nobody like these new customers, and what it may lack has changed at Square since then. */
export interface Vouch {
  readonly store: StoreId
  /** Square's time (ISO), overlap already taken off. */
  readonly since: string
  readonly opIds: readonly string[]
}
export type PullResult =
  | {
      readonly kind: 'page'
      readonly remotes: readonly RemoteCustomer[]
      readonly cursor: string | null
      /** Square's Date header of this answer, ISO; null where there was none. */
      readonly squareTime: string | null
      /** Total at Square where it told (first page of a list). */
      readonly count: number | null
      /** Of `ids`: those Square says do not exist. */
      readonly missing: readonly string[]
      /** So many customers of the page have a wrong shape and were left out (S13); absent: none. */
      readonly unreadable?: number
    }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface AppInfo {
  readonly version: string
  readonly runtime: 'electron' | 'stand-in'
  readonly locale: string
  readonly dataFolder: string
  readonly freeBytes: number | null
}

export type PracticeCommand =
  | { readonly kind: 'state' }
  | { readonly kind: 'line'; readonly up: boolean }
  | { readonly kind: 'lose-next-answer' }
  /** A colleague changes this customer in Square: the given field, or one picked to collide with what waits here. */
  | {
      readonly kind: 'colleague-edits'
      readonly squareId: string
      readonly field: 'phoneNumber' | 'note' | 'emailAddress'
    }
  | { readonly kind: 'colleague-deletes'; readonly squareId: string }
export interface PracticeState {
  /** False outside the practice store; commands then do nothing. */
  readonly available: boolean
  readonly lineUp: boolean
  readonly answersToLose: number
}
