import { ValidationError, type Lazy, type Schema } from 'yup'

/** A value that fits, or where it does not and why, in one line each. */
export type Checked<T> =
  | { readonly kind: 'fits'; readonly value: T }
  | { readonly kind: 'wrong'; readonly path: string; readonly reason: string }

/** Holds a JSON value to a schema without bending it: no text becomes a number, nothing unknown is dropped. */
export function checkShape<T>(schema: Schema | Lazy<unknown>, value: unknown): Checked<T> {
  try {
    schema.validateSync(value, { strict: true })
    return { kind: 'fits', value: value as T }
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    const stranger = unknownKey(error)
    if (stranger !== null) return { kind: 'wrong', path: stranger, reason: 'is not known here' }
    const path = error.path || 'the whole'
    const reason = error.message.replace(/\s+/g, ' ').replace(`${error.path || 'this'} `, '')
    return { kind: 'wrong', path, reason: reason.slice(0, 300) }
  }
}

/** The path of the first key that nobody asked for; null where something else is wrong. */
function unknownKey({ type, path = '', params }: ValidationError): string | null {
  if (type !== 'noUnknown') return null
  const [key = ''] = String(params?.['unknown']).split(', ')
  return path === '' ? key : `${path}.${key}`
}
