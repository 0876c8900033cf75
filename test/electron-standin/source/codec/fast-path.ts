/**
 * True where JSON carries the value exactly as a structured clone would: plain objects and dense arrays of strings,
 * finite numbers, booleans and null, each object once. Most messages are like this and then cost one JSON.stringify.
 */
export function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set())
}

function isPlain(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      return value === null || isPlainObject(value, seen)
    default:
      return false
  }
}

function isPlainObject(value: object, seen: Set<object>): boolean {
  // A second sight of the same object is a cycle or a shared reference; both must survive, so the slow path takes them.
  if (seen.has(value)) return false
  seen.add(value)
  if (Array.isArray(value)) {
    if (Object.keys(value).length !== value.length) return false
    return value.every((item) => isPlain(item, seen))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  // The text is read as JavaScript on one side, where this key would be a command and not data.
  if (Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((item) => isPlain(item, seen))
}
