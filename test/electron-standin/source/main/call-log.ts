import { appendFileSync } from 'node:fs'

/** Calls that would leave the app (shell, dialogs) become lines of the file that STANDIN_LOG names. */
export function logCall(call: string, details: object): void {
  const file = process.env['STANDIN_LOG']
  if (file) appendFileSync(file, `${JSON.stringify({ call, ...details })}\n`)
}
