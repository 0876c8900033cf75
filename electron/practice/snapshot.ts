import { isObject } from './check-fields.ts'
import type { PracticeSnapshot, SellerSnapshot } from './state.ts'

/**
 * The snapshot in a JSON value, or null where it is none. Format 1 knew one merchant, without groups and the like: it
 * becomes the store of `merchantId`.
 */
export function snapshotOf(value: unknown, merchantId: string): PracticeSnapshot | null {
  if (!isObject(value)) return null
  if (value['format'] === 1 && isSeller(value)) {
    const { format: _format, ...seller } = value
    return { format: 2, sellers: [{ ...seller, merchantId } as unknown as SellerSnapshot] }
  }
  const { format, sellers } = value
  return format === 2 && Array.isArray(sellers) && sellers.every(isSeller)
    ? (value as unknown as PracticeSnapshot)
    : null
}

function isSeller(value: unknown): boolean {
  return (
    isObject(value) &&
    ['customers', 'index', 'pending', 'indexed', 'merged', 'keys', 'previous'].every((name) =>
      Array.isArray(value[name]),
    ) &&
    Number.isInteger(value['changes'])
  )
}
