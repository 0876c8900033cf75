import { mkdir } from 'node:fs/promises'
import { assertNever } from '#shared/exhaustive.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Log } from '#shared/ports.ts'
import type {
  StoreProblem,
  ConnectRequest,
  ConnectResult,
  Seller,
  SessionState,
  TokenState,
} from '#shared/session.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { isMerchantId, storePaths, type DataPaths } from '../config.ts'
import type { SecretStorage } from '../platform/secret-storage.ts'
import type { SellerAnswer, SquareGateway } from '../square/square-gateway.ts'
import { readLastStore, writeLastStore, type LastStore } from './session-file.ts'
import { sameStore, type StoreSlot } from './store-slot.ts'

/** Where Square, or the practice store, is to be spoken to and with what. */
export interface SquareAccess {
  readonly baseUrl: string
  readonly token: string
}

export interface SessionOptions {
  readonly paths: DataPaths
  readonly secrets: SecretStorage
  readonly slot: StoreSlot
  readonly createGateway: (access: SquareAccess) => SquareGateway
  readonly squareUrl: (environment: 'production' | 'sandbox') => string
  readonly practice: {
    /** Starts it unless it runs; null where it cannot be started. */
    start(): Promise<SquareAccess | null>
    stop(): Promise<void>
  }
  readonly log: Log
}

export interface SessionService {
  state(): SessionState
  /** The gateway with the token in force; null while there is none. A new token is a new gateway. */
  gateway(): SquareGateway | null
  /** Opens the store of the last time, also without the line. Call once, at start. */
  restore(): Promise<void>
  connect(request: ConnectRequest): Promise<ConnectResult>
  /** Forgets the token and closes the store; everything in it stays for the next sign-in. */
  disconnect(): Promise<SessionState>
  /** Square said no to the token of that gateway. A late no for an earlier token changes nothing (S14). */
  tokenRefused(gateway: SquareGateway): void
  onChanged(listener: (state: SessionState) => void): () => void
}

type Failed = Extract<ConnectResult, { kind: 'failed' }>

/** Binds this PC to one seller's store at a time (S16). One change at a time; the others wait their turn. */
export function createSessionService(options: SessionOptions): SessionService {
  const { paths, secrets, slot, log } = options
  let state: SessionState = { kind: 'none' }
  let gateway: SquareGateway | null = null
  let turn: Promise<unknown> = Promise.resolve()
  const listeners = new Set<(state: SessionState) => void>()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  function become(next: SessionState, nextGateway: SquareGateway | null): void {
    state = next
    gateway = nextGateway
    for (const listener of listeners) listener(state)
  }

  async function restore(): Promise<void> {
    const last = await readLastStore(paths.session)
    if (!last) return
    const opened = await openStore(last.store)
    if (opened !== null) {
      log.error('session.store-refused', { reason: opened })
      return become({ kind: 'none', storeProblem: problemOf(opened) }, null)
    }
    const access = await accessTo(last.store)
    const token: TokenState = access ? 'stored' : 'missing'
    become({ kind: 'connected', ...last, token }, access && options.createGateway(access))
    slot.current()?.engine.wake('token')
  }

  async function accessTo(store: StoreId): Promise<SquareAccess | null> {
    if (store.environment === 'practice') return options.practice.start()
    const token = await secrets.load(storePaths(paths, store).token)
    return token === null ? null : { baseUrl: options.squareUrl(store.environment), token }
  }

  /** Null: open. Else why not, in the log's own word. */
  async function openStore(store: StoreId): Promise<string | null> {
    try {
      await mkdir(storePaths(paths, store).folder, { recursive: true, mode: 0o700 })
    } catch {
      return 'no-folder'
    }
    const result = await slot.open(store)
    return result.kind === 'opened' ? null : result.reason
  }

  async function connect(request: ConnectRequest): Promise<ConnectResult> {
    const result = await tryToConnect(request)
    const inPractice = slot.current()?.store.environment === 'practice'
    if (result.kind === 'failed' && request.kind === 'practice' && !inPractice) await options.practice.stop()
    return result
  }

  async function tryToConnect(request: ConnectRequest): Promise<ConnectResult> {
    const environment = request.kind === 'practice' ? 'practice' : request.environment
    const access = await accessFor(request)
    if (!access) return failed('practice-failed', null)
    const candidate = options.createGateway(access)
    const answer = await candidate.seller()
    if (answer.kind === 'failed') {
      return environment === 'practice'
        ? failed('practice-failed', answer.failure.kind)
        : refusal(answer.failure)
    }
    if (!isMerchantId(answer.value.merchantId)) return failed('unreadable-answer', 'merchant')
    const last: LastStore = {
      store: { merchantId: answer.value.merchantId, environment },
      seller: sellerOf(answer.value),
    }
    if (leavesWorkBehind(last.store)) return failed('wrong-merchant', null)
    return enter(last, access, candidate)
  }

  async function accessFor(request: ConnectRequest): Promise<SquareAccess | null> {
    switch (request.kind) {
      case 'practice':
        return options.practice.start()
      case 'token':
        return { baseUrl: options.squareUrl(request.environment), token: request.token.trim() }
      default:
        return assertNever(request)
    }
  }

  /**
   * A token of another seller while this one still has work waiting is more likely the wrong token than a move: staff
   * disconnect first if they mean it. Either way the work stays in its own store and never goes out with that token.
   */
  function leavesWorkBehind(next: StoreId): boolean {
    const open = slot.current()
    if (!open || open.store.environment !== next.environment || sameStore(open.store, next)) return false
    return open.outbox.state().entries.size > 0
  }

  async function enter(
    last: LastStore,
    access: SquareAccess,
    candidate: SquareGateway,
  ): Promise<ConnectResult> {
    // From here to `become` there is no gateway: the store being closed and the one being opened send nothing.
    gateway = null
    const leavingPractice =
      slot.current()?.store.environment === 'practice' && last.store.environment !== 'practice'
    const refused = await openStore(last.store)
    if (refused !== null) {
      become({ kind: 'none' }, null)
      return failed('store-problem', problemOf(refused))
    }
    if (leavingPractice) await options.practice.stop()
    const isPractice = last.store.environment === 'practice'
    const token = isPractice
      ? 'stored'
      : await secrets.save(storePaths(paths, last.store).token, access.token)
    if (!(await writeLastStore(paths.session, last))) log.warn('session.not-remembered')
    become({ kind: 'connected', ...last, token }, candidate)
    slot.current()?.engine.wake('token')
    return { kind: 'connected', session: state }
  }

  async function disconnect(): Promise<SessionState> {
    const leaving = state
    gateway = null
    await slot.close()
    if (leaving.kind === 'connected') {
      if (leaving.store.environment === 'practice') await options.practice.stop()
      else await secrets.forget(storePaths(paths, leaving.store).token)
    }
    if (!(await writeLastStore(paths.session, null))) log.warn('session.not-remembered')
    become({ kind: 'none' }, null)
    return state
  }

  return {
    state: () => state,
    gateway: () => gateway,
    restore: () => inTurn(restore),
    connect: (request) => inTurn(() => connect(request)),
    disconnect: () => inTurn(disconnect),
    tokenRefused(refused) {
      if (refused !== gateway || state.kind !== 'connected') return
      become({ ...state, token: 'expired' }, null)
    },
    onChanged(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The log's own word as far as staff can do something about it; everything else is a disk that does not let us write. */
function problemOf(reason: string): StoreProblem {
  return reason === 'newer-format' || reason === 'unreadable' || reason === 'locked' ? reason : 'not-writable'
}

function sellerOf(answer: SellerAnswer): Seller {
  return { name: answer.name.slice(0, 200), country: answer.country.slice(0, 2) }
}

function failed(reason: Failed['reason'], detail: string | null): Failed {
  return { kind: 'failed', reason, detail }
}

/** What the failure of the first request means to somebody who has just pasted a token. */
function refusal(failure: Failure): Failed {
  switch (failure.kind) {
    case 'signed-out':
      return failed('token-refused', failure.code)
    case 'forbidden':
      return failed('missing-rights', failure.code)
    case 'not-sent':
      return failed('offline', failure.reason)
    case 'unknown': {
      const line = failure.reason === 'timeout' || failure.reason === 'reset'
      return failed(line ? 'offline' : 'unreadable-answer', failure.reason)
    }
    case 'rate-limited':
    case 'conflict':
    case 'not-found':
    case 'key-reused':
    case 'refused':
      return failed('unreadable-answer', failure.kind)
    default:
      return assertNever(failure)
  }
}
