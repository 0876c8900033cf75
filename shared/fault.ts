/** A broken rule of ours, as far as it may be written down: never a message, for a message can hold a customer's data. */
export interface Fault {
  /** Which part of the app noticed it. */
  readonly where: string
  readonly name: string
  /** File, line and column of the bundle. */
  readonly at: string
}

/** Name and first stack line of what was thrown: enough to find the bug, without its message. */
export function faultFacts(error: unknown): { readonly name: string; readonly at: string } {
  if (!(error instanceof Error)) return { name: typeof error, at: '' }
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  const at = frame
    .trim()
    .replace(/\)$/, '')
    .replace(/.*[\\/(]/, '')
  return { name: error.name.replace(/\W/g, '').slice(0, 60), at: at.slice(0, 120) }
}
