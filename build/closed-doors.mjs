// The ESLint rule behind boundaries.mjs. ESLint's own no-restricted-imports sees neither import() nor import types, and
// reads a path as it is written: '../main/config.ts' was open where '#main/config.ts' was closed.
import { readFileSync } from 'node:fs'
import { posix, relative, sep } from 'node:path'

const { imports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const ALIASES = Object.entries(imports).map(([alias, folder]) => [
  alias.replace('*', ''),
  folder.replace(/^\.|\*$/g, ''),
])

/**
 * What an import means: a file of ours by its path from the project's folder, else the name of the package as written.
 * @param {string} source what is imported, as written
 * @param {string} file the path of the file that imports, from the project's folder
 */
export function targetOf(source, file) {
  const name = source.replace(/\?.*$/, '')
  const [alias, folder] = ALIASES.find(([start]) => name.startsWith(start)) ?? []
  if (alias !== undefined) return posix.normalize(`${folder}${name.slice(alias.length)}`)
  return name.startsWith('.') ? posix.join('/', posix.dirname(file), name) : name
}

/** No import of any kind through the given doors, and none whose target only shows when it runs. */
export const closedDoors = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            pattern: { type: 'string' },
            types: { type: 'boolean' },
            message: { type: 'string' },
          },
          required: ['pattern', 'message'],
          additionalProperties: false,
        },
      },
    ],
    messages: {
      closed: '{{source}} is a closed door here. {{message}}',
      unknown: 'Name what is imported in the import itself, so that it can be checked.',
    },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).replaceAll(sep, '/')
    const doors = context.options[0].map((door) => ({ ...door, shuts: new RegExp(door.pattern) }))

    function look(node, source, isType) {
      if (!source) return
      const name = textOf(source)
      if (name === undefined) return context.report({ node, messageId: 'unknown' })
      const target = targetOf(name, file)
      for (const { shuts, types, message } of doors) {
        if (!shuts.test(target) || (types && isType)) continue
        return context.report({ node, messageId: 'closed', data: { source: name, message } })
      }
    }
    return {
      ImportDeclaration: (node) => look(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => look(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => look(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => look(node, node.source, false),
      TSImportType: (node) => look(node, node.source, true),
      "CallExpression[callee.name='require']": (node) => look(node, node.arguments[0], false),
    }
  },
}

/** The text of a literal; undefined of what is only known when it runs. */
function textOf(source) {
  if (source.type === 'Literal' && typeof source.value === 'string') return source.value
  if (source.type === 'TemplateLiteral' && source.expressions.length === 0)
    return source.quasis[0].value.cooked
  return undefined
}
