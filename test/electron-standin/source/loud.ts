// Asked for by engines, inspectors and test tools rather than by apps; undefined is the honest answer.
const ASKED_BY_TOOLS = new Set([
  '$$typeof',
  '__esModule',
  '_events',
  '_eventsCount',
  '_maxListeners',
  'asymmetricMatch',
  'default',
  'domain',
  'inspect',
  'nodeType',
  'tagName',
  'then',
  'toJSON',
])

/** Names what is missing; the same words everywhere, so that a search finds the reason. */
export const notImplemented = (what: string) => `stand-in: ${what} is not implemented`

/** The end of a prototype chain at which a missing member is an error that names it, instead of undefined. */
export function loudPrototype(name: string, parent: object, knownAbsent: readonly string[] = []): object {
  const loud = new Proxy(Object.create(parent) as object, loudHandler(name, knownAbsent))
  alreadyLoud.add(loud)
  return loud
}
const alreadyLoud = new WeakSet<object>()

function loudHandler(name: string, knownAbsent: readonly string[]): ProxyHandler<object> {
  return {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || ASKED_BY_TOOLS.has(key) || knownAbsent.includes(key)) {
        return Reflect.get(target, key, receiver) as unknown
      }
      throw new Error(notImplemented(`${name}.${key}`))
    },
  }
}

/** The same for the static members of a class. */
export function loudStatics<T extends abstract new (...args: never[]) => unknown>(
  name: string,
  constructor: T,
): T {
  const parent = Object.getPrototypeOf(constructor) as object
  return Object.setPrototypeOf(constructor, new Proxy(parent, loudHandler(name, ['prototype']))) as T
}

/** Stands where a whole module of Electron is missing: any use of it fails by name, importing it does not. */
export function missingModule(name: string): unknown {
  const fail = () => {
    throw new Error(notImplemented(`electron.${name}`))
  }
  const handler = { ...loudHandler(`electron.${name}`, []), construct: fail, apply: fail }
  return new Proxy(Object.setPrototypeOf(function () {}, null) as object, handler)
}

/**
 * Makes members that `object` does not have fail by name. The object itself stays what it was (no proxy of it), so
 * private fields work and members that exist cost nothing. `knownAbsent`: undefined in Electron too on this system.
 */
export function loudMembers<T extends object>(
  name: string,
  object: T,
  knownAbsent: readonly string[] = [],
): T {
  let last: object = object
  for (;;) {
    const next = Object.getPrototypeOf(last) as object | null
    if (next !== null && alreadyLoud.has(next)) return object
    if (next === null || next === Object.prototype || isSharedPrototype(next)) {
      Object.setPrototypeOf(last, loudPrototype(name, next ?? Object.prototype, knownAbsent))
      return object
    }
    last = next
  }
}

// Node's EventEmitter.prototype belongs to everybody: the chain is cut before it, never inside it.
function isSharedPrototype(prototype: object): boolean {
  return Object.hasOwn(prototype, 'setMaxListeners')
}
