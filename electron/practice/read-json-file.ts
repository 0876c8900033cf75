import { readFileSync } from 'node:fs'
import type { Checked } from './check-shape.ts'
import { jsonFault } from './json-fault.ts'

/** The value in a JSON file, held to `read`; a string is what is wrong: file, place in it and reason, in one line. */
export function readJsonFile<T>(
  file: string,
  read: (value: unknown) => Checked<T>,
): { readonly value: T } | string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    return `${file}: the whole: cannot be read (${(error as NodeJS.ErrnoException).code})`
  }
  const fault = jsonFault(text)
  if (fault) return `${file}: line ${fault.line}, column ${fault.column}: is not JSON: ${fault.reason}`
  const checked = read(JSON.parse(text) as unknown)
  return checked.kind === 'fits' ? { value: checked.value } : `${file}: ${checked.path}: ${checked.reason}`
}
