/** Deeper than any request we know; also what ends a structure that contains itself. */
const MAX_DEPTH = 16

/**
 * How large a request is, counted in characters and values, or null where it is more than `limit`, nested too deeply,
 * or anything but plain data. Comes before validation, so that no schema ever walks a monster.
 */
export function sizeOfPlainData(value: unknown, limit: number): number | null {
  let size = 0
  const fits = (part: unknown, depth: number): boolean => {
    size += 1
    if (depth > MAX_DEPTH || size > limit) return false
    switch (typeof part) {
      case 'string':
        size += part.length
        return size <= limit
      case 'number':
      case 'boolean':
      case 'undefined':
        return true
      case 'object':
        return part === null || objectFits(part, depth)
      default:
        return false
    }
  }
  const objectFits = (part: object, depth: number): boolean => {
    if (Array.isArray(part)) return part.every((item) => fits(item, depth + 1))
    const prototype: unknown = Object.getPrototypeOf(part)
    if (prototype !== Object.prototype && prototype !== null) return false
    return Object.entries(part).every(([key, item]) => {
      size += key.length
      return fits(item, depth + 1)
    })
  }
  return fits(value, 0) ? size : null
}
