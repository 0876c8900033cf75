import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packagePlan } from '../../build/package-plan.mjs'

describe('npm run package', () => {
  it('says in one line why not where Electron cannot be had, and ends with 1', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'counterfoil-package-'))
    try {
      const script = fileURLToPath(new URL('../../build/package.mjs', import.meta.url))
      const child = spawn(process.execPath, [script], {
        // Nothing in the cache, and a mirror nobody listens at.
        env: { ...process.env, electron_config_cache: cache, ELECTRON_MIRROR: 'http://127.0.0.1:9/' },
      })
      let output = ''
      child.stdout.on('data', (data) => (output += String(data)))
      child.stderr.on('data', (data) => (output += String(data)))
      const code = await new Promise((resolve) => child.on('close', resolve))
      expect(code).toBe(1)
      expect(output).toMatch(/^cannot package: Electron [\d.]+ for \S+ could not be fetched \(.+\)\.\n$/)
    } finally {
      await rm(cache, { recursive: true })
    }
  })
})

describe('packagePlan', () => {
  it('packages for the system it runs on', () => {
    expect(packagePlan([], 'linux', 'arm64')).toEqual({
      kind: 'planned',
      platforms: ['linux'],
      arch: 'arm64',
      builderArguments: ['--linux'],
    })
    expect(packagePlan(['dir'], 'darwin', 'arm64')).toMatchObject({ builderArguments: ['--mac', 'dir'] })
  })
  it('packages for another one where asked', () => {
    expect(packagePlan(['--win', 'nsis'], 'linux', 'arm64')).toEqual({
      kind: 'planned',
      platforms: ['win32'],
      arch: 'x64',
      builderArguments: ['--win', 'nsis'],
    })
  })
  it('refuses what cannot come out right', () => {
    expect(packagePlan(['--mac'], 'linux', 'x64')).toMatchObject({ kind: 'refused' })
    expect(packagePlan([], 'aix', 'ppc64')).toMatchObject({ kind: 'refused' })
  })
})
