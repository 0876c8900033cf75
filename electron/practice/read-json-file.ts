import { readFileSync } from 'node:fs'
import type { Checked } from './check-shape.ts'

/** The value in a JSON file, held to `read`; a string is what is wrong: file, path in it and reason, in one line. */
export function readJsonFile<T>(
  file: string,
  read: (value: unknown) => Checked<T>,
): { readonly value: T } | string {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = error instanceof SyntaxError ? `is not JSON: ${message}` : `cannot be read (${code})`
    return `${file}: the whole ${reason.replace(/\s+/g, ' ')}`
  }
  const checked = read(value)
  return checked.kind === 'fits' ? { value: checked.value } : `${file}: ${checked.path}: ${checked.reason}`
}
