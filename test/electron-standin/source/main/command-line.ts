/** Electron's command line: `electron [switches] <app> [arguments]`. */
export interface CommandLine {
  readonly entry: string | undefined
  readonly preloads: readonly string[]
  /** Port to inspect the main process on; undefined: do not. */
  readonly inspect: { readonly port: number; readonly wait: boolean } | undefined
  readonly switches: Map<string, string>
  readonly showVersion: boolean
}

const INSPECT = /^--inspect(-brk)?(?:=(?:.*:)?(\d+))?$/

/** Takes the arguments after the executable's name apart; anything with two dashes is a switch, wherever it stands. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const switches = new Map<string, string>()
  const preloads: string[] = []
  let entry: string | undefined
  let inspect: CommandLine['inspect']
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? ''
    const inspected = INSPECT.exec(argument)
    if (argument === '-r' || argument === '--require') preloads.push(args[++at] ?? '')
    else if (inspected) inspect = { port: Number(inspected[2] ?? 9229), wait: inspected[1] !== undefined }
    else if (argument.startsWith('--')) {
      const [name = '', ...value] = argument.slice(2).split('=')
      switches.set(name, value.join('='))
    } else if (!argument.startsWith('-')) entry ??= argument
  }
  const showVersion = switches.has('version') || args.includes('-v')
  return { entry, preloads, inspect, switches, showVersion }
}
