const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789'

/** An id that looks like one of Square's: 26 capitals and digits. `randomInt(n)` gives a whole number below n. */
export function newSquareId(randomInt: (below: number) => number): string {
  return Array.from({ length: 26 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
