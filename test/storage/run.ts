import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from '../../build/build-app.mjs'
import { limits } from './machine.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * `npm run test:storage`: the log damaged at every byte, killed, on a full disk, through power cuts, and the built app
 * killed again and again, through power cuts and with its directory gone. Names what this machine cannot do; ends non-zero if anything failed.
 */
async function main(): Promise<number> {
  const built = await buildIfStale(ROOT, (line: string) => console.log(line))
  if (built.kind === 'failed') {
    console.error(built.output)
    return 1
  }
  const codes = [
    await run(
      'vitest',
      'run',
      '--project',
      'node',
      '--project',
      'alone',
      'test/storage',
      'test/electron/main/outbox',
      'test/renderer/db/mirror',
    ),
    await run('playwright', 'test', '--reporter=list', 'crash', 'storage', 'interrupted', 'damaged'),
  ]
  const cannot = [
    ...(limits.images === null ? [] : [`a full disk and power cuts on a disk of its own: ${limits.images}`]),
    ...(limits.fileSizes === null ? [] : [`a limit on the size of the log: ${limits.fileSizes}`]),
    'a drive that says "synced" and is not, or that writes its sectors in another order: needs hardware, or a device mapper',
    'the plug of a whole PC: in its place everything that runs is frozen and its disk is copied at that moment',
    ...(process.platform === 'linux' ? ['Windows and macOS: their file systems, and Electron itself'] : []),
  ]
  for (const what of cannot) console.log(`not possible here: ${what}`)
  console.log(codes.every((code) => code === 0) ? 'storage: passed' : 'storage: FAILED')
  return codes.every((code) => code === 0) ? 0 : 1
}

function run(command: string, ...args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', [command, ...args], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
      env: { ...process.env, COUNTERFOIL_FULL: '1' },
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

process.exitCode = await main()
