import { build, type Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Mutant } from './mutants.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The text as a pattern that does not mind where lines are broken. */
function anyFormatting(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
}

/** How often the text is in the product's file as it is now, white space aside: once, or a mutant is stale. */
export async function placesOf({ file, find }: Mutant['edits'][number]): Promise<number> {
  const contents = await readFile(join(ROOT, file), 'utf8')
  return contents.match(new RegExp(anyFormatting(find), 'g'))?.length ?? 0
}

/**
 * The simulation as one file, with or without a mutant. The product's sources are read as they are; a mutant whose text
 * is not there exactly once is an error. White space counts as one blank: formatting is no change.
 */
export async function bundleSimulation(entry: string, outfile: string, mutant: Mutant | null): Promise<void> {
  const applied = new Set<string>()
  const mutate: Plugin = {
    name: 'mutate',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(ROOT, path).replaceAll('\\', '/')
        const edits = mutant?.edits.filter((edit) => edit.file === file) ?? []
        if (edits.length === 0) return undefined
        let contents = await readFile(path, 'utf8')
        for (const { find, replace } of edits) {
          const place = anyFormatting(find)
          const places = contents.match(new RegExp(place, 'g'))?.length ?? 0
          if (places !== 1)
            throw new Error(`mutant ${mutant?.name}: text found ${places} times in ${file}: ${find}`)
          contents = contents.replace(new RegExp(place), () => replace)
          applied.add(`${file}\n${find}`)
        }
        return { contents, loader: 'ts' }
      })
    },
  }
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    absWorkingDir: ROOT,
    plugins: [mutate],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  if (mutant && applied.size !== mutant.edits.length)
    throw new Error(`mutant ${mutant.name}: a file was never loaded`)
}
