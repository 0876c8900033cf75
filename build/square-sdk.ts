import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, sep } from 'node:path'
import type { Plugin } from 'vite'

/** The parts of Square's API this app calls, and their clients in the SDK's folder. */
const CLIENTS = {
  customers: ['CustomersClient', 'api/resources/customers/client/Client.js'],
  merchants: ['MerchantsClient', 'api/resources/merchants/client/Client.js'],
} as const
/** How a file of the SDK asks for everything of a kind, the name it gives that, and where its parts lie. */
const EVERYTHING = [
  {
    line: /^const (serializers) = __importStar\(require\("[./]+\/serialization\/index"\)\);$/m,
    parts: 'serialization',
  },
  { line: /^const (api_1) = require\("\.\.\/api"\);$/m, parts: 'api/types' },
]
const WHOLE = ['serialization/index.js', 'api/index.js']

/**
 * Square's SDK without what this app never calls: main compiles it at every start, and the whole of it is seven
 * megabytes. Its one client is made of the clients of `CLIENTS`, and a file that asks for everything gets what it names.
 * Where the SDK is not built as this expects any more, the build ends with a word about it.
 */
export function squareSdk(): Plugin {
  const folder = dirname(createRequire(import.meta.url).resolve('square'))
  const kinds = EVERYTHING.map(({ line, parts }) => ({ line, files: filesByName(join(folder, parts)) }))
  const whole = WHOLE.map((file) => join(folder, file))
  const entry = join(folder, 'square.js') // of no file: `load` makes it up
  return {
    name: 'square-sdk',
    enforce: 'pre',
    resolveId: (id) => (id === 'square' ? entry : null),
    load(id) {
      if (id !== entry) return null
      const clients = Object.entries(CLIENTS)
      return [
        ...clients.map(([, [name, file]]) => `import { ${name} } from ${JSON.stringify(join(folder, file))}`),
        'export class SquareClient {',
        '  constructor(options) {',
        ...clients.map(([part, [name]]) => `    this.${part} = new ${name}(options)`),
        '  }',
        '}',
      ].join('\n')
    },
    transform(code, id) {
      if (!id.startsWith(folder + sep) || id === entry) return null
      if (whole.includes(id)) this.error('Square’s SDK would be bundled whole (build/square-sdk.ts)')
      const kind = kinds.find(({ line }) => line.test(code))
      return kind
        ? { code: code.replace(kind.line, (_, name) => named(name, code, kind.files)), map: null }
        : null
    },
  }
}

/** An object with what this code names of everything; `serializers.customers.X` lies one level deeper. */
function named(everything: string, code: string, files: ReadonlyMap<string, string>): string {
  const groups = new Map<string, Map<string, string>>()
  for (const [, group = '', name = ''] of code.matchAll(
    new RegExp(String.raw`\b${everything}\.((?:[a-z]\w*\.)*)([A-Z]\w*)`, 'g'),
  )) {
    const file = files.get(name)
    if (!file) throw new Error(`Square’s SDK has no file for ${name} (build/square-sdk.ts)`)
    const line = `get ${name}() { return require(${JSON.stringify(file)}).${name} },`
    groups.set(group, (groups.get(group) ?? new Map<string, string>()).set(name, line))
  }
  const linesOf = (group: string) => [...(groups.get(group)?.values() ?? [])]
  const deeper = [...groups.keys()].filter((group) => group !== '')
  return [
    `const ${everything} = {`,
    ...linesOf(''),
    ...deeper.flatMap((group) => [`${group.slice(0, -1)}: {`, ...linesOf(group), '},']),
    '};',
  ].join(' ')
}

/** Every file below that folder by its name, which is that of what it exports. */
function filesByName(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const name = basename(entry.name, '.js')
    if (!entry.isFile() || !entry.name.endsWith('.js') || name === 'index') continue
    if (found.has(name)) throw new Error(`Square’s SDK has two files named ${name} (build/square-sdk.ts)`)
    found.set(name, join(entry.parentPath, entry.name))
  }
  return found
}
