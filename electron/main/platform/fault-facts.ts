/** Name and first stack line of an error: enough to find the bug, without its message. */
export function faultFacts(error: unknown): { readonly name: string; readonly at: string } {
  if (!(error instanceof Error)) return { name: typeof error, at: '' }
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  return { name: error.name, at: frame.trim().replace(/\(?(file:\/\/)?\/?.*[\\/]/, '') }
}
