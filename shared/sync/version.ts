/**
 * Orders two versions of one Square id: negative, zero or positive. Versions are int64 as decimal strings, beyond what
 * a double holds (S11).
 */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0
  if (a.length <= 15 && b.length <= 15) return Number(a) - Number(b)
  const left = BigInt(a)
  const right = BigInt(b)
  return left < right ? -1 : left > right ? 1 : 0
}
