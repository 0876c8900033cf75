/** True where one name may be a spelling, a short form or a typing mistake of the other. */
export function similarNames(a: string, b: string): boolean {
  const [left, right] = [folded(a), folded(b)]
  if (left.startsWith(right) || right.startsWith(left)) return true
  return editDistance(left, right) <= Math.max(left.length, right.length) / 3
}

/** Letters only, without case and marks. Names are short: anything beyond the first 64 letters decides nothing. */
function folded(name: string): string {
  return name
    .slice(0, 64)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Levenshtein: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replace = row[j]! + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(replace, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
