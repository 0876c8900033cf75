import { parseArgs } from 'node:util'
import { PRACTICE_TOKEN } from './options.ts'

const USAGE =
  'practice-square [--port 0] [--customers N] [--seed S] [--token T] [--flags file] [--faults file] [--control-port N --control-token T]'

export interface CliOptions {
  readonly port: number
  /** null: the sixty of the practice store. */
  readonly customers: number | null
  readonly seed: number
  readonly token: string
  /** JSON files; null: none. */
  readonly flags: string | null
  readonly faults: string | null
  readonly control: { readonly port: number; readonly token: string } | null
}

/** Reads the command line; a string is what is wrong with it, in one line. */
export function readCliOptions(args: readonly string[]): CliOptions | string {
  let values: Record<string, string | undefined>
  try {
    const text = { type: 'string' } as const
    const names = {
      port: text,
      customers: text,
      seed: text,
      token: text,
      flags: text,
      faults: text,
      'control-port': text,
      'control-token': text,
    }
    values = parseArgs({ args: [...args], options: names, allowPositionals: false }).values
  } catch (error) {
    return `${(error as Error).message.split('\n')[0]} Usage: ${USAGE}`
  }
  const whole = (name: string, fallback: number, most: number): number | string => {
    const given = values[name] ?? String(fallback)
    const read = /^\d+$/.test(given) ? Number(given) : Number.NaN
    return read <= most ? read : `--${name} must be a whole number from 0 to ${most}, not "${given}".`
  }
  const port = whole('port', 0, 65_535)
  const customers = whole('customers', 0, 1_000_000)
  const seed = whole('seed', 1, 4_294_967_295)
  const controlPort = whole('control-port', 0, 65_535)
  for (const read of [port, customers, seed, controlPort]) if (typeof read === 'string') return read
  for (const name of ['token', 'control-token']) {
    const given = values[name]
    if (given !== undefined && !/^[\x21-\x7e]+$/.test(given))
      return `--${name} must be visible ASCII without blanks.`
  }
  const controlToken = values['control-token']
  if ((values['control-port'] === undefined) !== (controlToken === undefined))
    return '--control-port and --control-token go together.'
  return {
    port: Number(port),
    customers: values['customers'] === undefined ? null : Number(customers),
    seed: Number(seed),
    token: values['token'] ?? PRACTICE_TOKEN,
    flags: values['flags'] ?? null,
    faults: values['faults'] ?? null,
    control: controlToken === undefined ? null : { port: Number(controlPort), token: controlToken },
  }
}
