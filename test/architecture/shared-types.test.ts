import { resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const SHARED = resolve(import.meta.dirname, '../../shared')

/** Codes of the errors that these lines have as a file of shared, by line. */
function errorsOf(lines: readonly string[]): number[][] {
  const file = resolve(SHARED, 'not-there.ts').replaceAll('\\', '/')
  const config = ts.getParsedCommandLineOfConfigFile(
    resolve(SHARED, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
      },
    },
  )
  if (!config) throw new Error('shared/tsconfig.json cannot be read')
  const options = { ...config.options, composite: false, emitDeclarationOnly: false, noEmit: true }
  const host = ts.createCompilerHost(options)
  const [getSourceFile, fileExists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)]
  const source = ts.createSourceFile(file, lines.join('\n'), ts.ScriptTarget.ES2023)
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, target) => (name === file ? source : getSourceFile(name, target))
  const errors = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))
  const lineOf = ({ start }: ts.Diagnostic) => source.getLineAndCharacterOfPosition(start ?? 0).line
  return lines.map((_, i) => errors.filter((error) => lineOf(error) === i).map(({ code }) => code))
}
/** "Cannot find name", in its kinds. */
const CANNOT_FIND_NAME = [2304, 2580, 2584, 2591]

it('shared sees neither a document nor Node: what it needs comes in as a parameter', () => {
  const names = [
    'document',
    'window',
    'process',
    'setTimeout',
    'fetch',
    'crypto',
    'Buffer',
    'localStorage',
    'console',
  ]
  const uses = names.map((name, i) => `export const v${i}: unknown = ${name}`)
  const fine = 'export const fine: string = [1, 2].toReversed().join()'
  const [ok, ...found] = errorsOf([fine, ...uses])
  expect(ok).toEqual([])
  for (const [i, name] of names.entries()) {
    expect(found[i], name).toHaveLength(1)
    expect(CANNOT_FIND_NAME, `${name}: ${found[i]![0]}`).toContain(found[i]![0])
  }
})
