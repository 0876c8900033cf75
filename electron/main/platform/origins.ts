/**
 * Scheme and host of an address, the way we compare them. `URL.origin` says "null" for schemes of our own, and comparing
 * by prefix would take `app://counterfoil.example` for us. Null: not an address.
 */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  return url.username || url.password ? null : `${url.protocol}//${url.host}`
}
