import { resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const NOT_OF_THE_PROJECT = 6307

/** The imports of these that TypeScript refuses in a file of that project: of files that no project it refers to has. */
function refusedIn(project: string, imported: readonly string[]): string[] {
  const folder = resolve(ROOT, project)
  const file = resolve(folder, 'not-there.ts').replaceAll('\\', '/')
  const config = ts.getParsedCommandLineOfConfigFile(
    resolve(folder, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
      },
    },
  )
  if (!config) throw new Error(`${project}/tsconfig.json cannot be read`)
  const host = ts.createCompilerHost(config.options)
  const [getSourceFile, fileExists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)]
  const lines = imported.map((from) => `import type {} from '${from}'`)
  const source = ts.createSourceFile(file, lines.join('\n'), ts.ScriptTarget.ES2023)
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, target) => (name === file ? source : getSourceFile(name, target))
  const program = ts.createProgram({
    rootNames: [...config.fileNames, file],
    options: config.options,
    projectReferences: config.projectReferences ?? [],
    host,
  })
  const errors = program.getSemanticDiagnostics(source).filter(({ code }) => code === NOT_OF_THE_PROJECT)
  const refused = errors.map(({ start }) => source.getLineAndCharacterOfPosition(start ?? 0).line)
  return imported.filter((_, line) => refused.includes(line))
}

it.each([
  ['shared', ['#renderer/book.ts', '#main/config.ts', '#practice/page.ts'], ['./ports.ts']],
  [
    'renderer',
    ['#main/config.ts', '../electron/main/ipc/plain-data.ts', '#practice/page.ts'],
    ['#shared/ports.ts'],
  ],
  ['electron/preload', ['#main/config.ts', '#renderer/book.ts'], ['#shared/ipc/contract.ts']],
  [
    'electron/main',
    ['#renderer/book.ts', '../../renderer/db/plain.ts'],
    ['#shared/ports.ts', '#practice/page.ts'],
  ],
  ['electron/practice', ['#shared/ports.ts', '#main/config.ts', '#renderer/book.ts'], ['./page.ts']],
])('%s: what its project does not refer to is a type error', (project, refused, open) => {
  expect(refusedIn(project, [...open, ...refused])).toEqual(refused)
})
