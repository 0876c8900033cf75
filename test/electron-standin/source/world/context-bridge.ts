import { isPlainJson } from '../codec/fast-path.ts'
import { NOT_CLONABLE } from '../codec/wire.ts'

/**
 * One half of contextBridge. It runs once in the page's world and once in the preload's; the halves talk through
 * synchronous DOM events, whose `detail` Chromium clones from one world into the other.
 */
export interface BridgeHalf {
  /** Puts a copy of `value` on the other world's window: functions as proxies, everything frozen. */
  expose(key: string, value: unknown): void
}

/** A value on its way. `function` names one of the sender's functions, `home` one of the receiver's own. */
type Crossing =
  | readonly ['copy', unknown]
  | readonly ['function' | 'home' | 'promise', number]
  | readonly ['error', string]
  | readonly ['array', readonly Crossing[]]
  | readonly ['object', readonly (readonly [string, Crossing])[]]
type Letter =
  | { readonly kind: 'expose'; readonly key: string; readonly value: Crossing }
  | { readonly kind: 'call'; readonly id: number; readonly args: readonly Crossing[] }
  | Returned
  | { readonly kind: 'settled'; readonly id: number; readonly ok: boolean; readonly value: Crossing }
interface Returned {
  readonly kind: 'returned'
  readonly ok: boolean
  readonly value: Crossing
}
type AnyFunction = (...args: unknown[]) => unknown
interface Settling {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

const NOTHING: Crossing = ['copy', undefined]
const MAX_DEPTH = 1000
const TOO_DEEP =
  'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.'

/** Listens on the event name `hear`, speaks on `speak`. Everything it needs from the page is taken before page scripts run. */
export function createBridgeHalf(hear: string, speak: string): BridgeHalf {
  const OwnCustomEvent = CustomEvent
  const dispatch = EventTarget.prototype.dispatchEvent.bind(window)
  const own: AnyFunction[] = []
  const ownIds = new Map<AnyFunction, number>()
  const theirs = new Map<number, AnyFunction>()
  const theirIds = new Map<AnyFunction, number>()
  const settling = new Map<number, Settling>()
  let lastPromise = 0
  let returned: Returned | undefined

  /** Dispatching is synchronous: when it is back, the other half has answered into `returned`. */
  function say(letter: Letter): Returned | undefined {
    returned = undefined
    dispatch(new OwnCustomEvent(speak, { detail: letter }))
    const answer = returned
    returned = undefined
    return answer
  }

  function leave(value: unknown, depth = 0): Crossing {
    if (depth > MAX_DEPTH) throw new TypeError(TOO_DEEP)
    if (typeof value === 'function') return leaveFunction(value as AnyFunction)
    if (typeof value === 'symbol') return NOTHING
    if (value === null || typeof value !== 'object' || isPlainJson(value)) return ['copy', value]
    if (value instanceof Promise) return leavePromise(value)
    const tag = Object.prototype.toString.call(value)
    if (tag === '[object Error]') return ['error', (value as Error).message]
    if (Array.isArray(value)) return ['array', value.map((item) => leave(item, depth + 1))]
    if (tag === '[object Object]') {
      return ['object', Object.entries(value).map(([key, item]) => [key, leave(item, depth + 1)])]
    }
    try {
      return ['copy', structuredClone(value)]
    } catch {
      throw new Error(NOT_CLONABLE)
    }
  }

  function leaveFunction(value: AnyFunction): Crossing {
    const home = theirIds.get(value)
    if (home !== undefined) return ['home', home]
    const known = ownIds.get(value)
    if (known !== undefined) return ['function', known]
    ownIds.set(value, own.length)
    own.push(value)
    return ['function', own.length - 1]
  }

  function leavePromise(value: Promise<unknown>): Crossing {
    const id = ++lastPromise
    const settle = (ok: boolean, result: unknown) => {
      try {
        say({ kind: 'settled', id, ok, value: leave(result) })
      } catch (error) {
        say({ kind: 'settled', id, ok: false, value: leave(error) })
      }
    }
    value.then(
      (result) => settle(true, result),
      (reason: unknown) => settle(false, reason),
    )
    return ['promise', id]
  }

  function arrive(crossing: Crossing, freeze = false): unknown {
    const frozen = <T>(value: T): T => (freeze ? Object.freeze(value) : value)
    switch (crossing[0]) {
      case 'copy':
        return freeze ? deepFreeze(crossing[1]) : crossing[1]
      case 'error':
        return new Error(crossing[1])
      case 'array':
        return frozen(crossing[1].map((item) => arrive(item, freeze)))
      case 'object':
        return frozen(Object.fromEntries(crossing[1].map(([key, item]) => [key, arrive(item, freeze)])))
      case 'promise':
        return new Promise((resolve, reject) => settling.set(crossing[1], { resolve, reject }))
      case 'home':
        return own[crossing[1]]
      case 'function':
        return arriveFunction(crossing[1])
    }
  }

  function arriveFunction(id: number): AnyFunction {
    const known = theirs.get(id)
    if (known) return known
    const proxy: AnyFunction = (...args) => {
      const answer = say({ kind: 'call', id, args: args.map((item) => leave(item)) })
      if (!answer) throw new Error(NOT_CLONABLE)
      if (answer.ok) return arrive(answer.value)
      throw arrive(answer.value)
    }
    theirs.set(id, proxy)
    theirIds.set(proxy, id)
    return proxy
  }

  function called(letter: Extract<Letter, { kind: 'call' }>): Letter {
    try {
      const result = own[letter.id]?.(...letter.args.map((item) => arrive(item)))
      return { kind: 'returned', ok: true, value: leave(result) }
    } catch (error) {
      return { kind: 'returned', ok: false, value: leave(error) }
    }
  }

  function exposed(letter: Extract<Letter, { kind: 'expose' }>): Letter {
    if (Object.hasOwn(window, letter.key)) {
      const words = 'Cannot bind an API on top of an existing property on the window object'
      return { kind: 'returned', ok: false, value: ['error', words] }
    }
    Object.defineProperty(window, letter.key, { value: arrive(letter.value, true), enumerable: true })
    return { kind: 'returned', ok: true, value: NOTHING }
  }

  function read(letter: Letter): void {
    switch (letter.kind) {
      case 'returned':
        returned = letter
        return
      case 'call':
        say(called(letter))
        return
      case 'expose':
        say(exposed(letter))
        return
      case 'settled': {
        const { resolve, reject } = settling.get(letter.id) ?? {}
        settling.delete(letter.id)
        const settle = letter.ok ? resolve : reject
        settle?.(arrive(letter.value))
      }
    }
  }

  window.addEventListener(
    hear,
    (event) => {
      event.stopImmediatePropagation()
      const letter = (event as CustomEvent<Letter | null>).detail
      if (letter) read(letter)
    },
    true,
  )

  return {
    expose(key, value) {
      const answer = say({ kind: 'expose', key, value: leave(value) })
      if (answer && !answer.ok) throw arrive(answer.value)
    },
  }
}

function deepFreeze(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
