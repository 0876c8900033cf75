import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { APP_ID } from '#main/config.ts'

const root = new URL('../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), 'utf8')

// electron-builder's own reader and its own check of the configuration.
const require = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'))
const library = createRequire(require.resolve('app-builder-lib/package.json'))
const { load } = library('js-yaml') as { load: (yaml: string) => unknown }
const { validateConfiguration } = library('./out/util/config/config.js') as {
  validateConfiguration: (config: object, log: object) => Promise<void>
}
interface Config {
  readonly appId: string
  readonly productName: string
  readonly electronVersion: string
  readonly asar: boolean
  readonly files: readonly string[]
  readonly extraFiles: readonly string[]
  readonly electronFuses: Readonly<Record<string, boolean>>
  readonly win: { readonly icon: string; readonly target: unknown; readonly requestedExecutionLevel: string }
  readonly nsis: { readonly guid: string; readonly include: string } & Readonly<Record<string, unknown>>
  readonly mac: { readonly icon: string; readonly entitlements: string; readonly target: unknown }
  readonly linux: { readonly executableName: string; readonly target: unknown }
}
const config = load(text('electron-builder.yml')) as Config
const pack = JSON.parse(text('package.json')) as Record<string, unknown> & {
  devDependencies: Record<string, string>
}

describe('electron-builder.yml', () => {
  it('is a configuration electron-builder accepts', async () => {
    await validateConfiguration(config, { isEnabled: false, add: () => undefined })
    await expect(
      validateConfiguration(
        { ...config, nsis: { ...config.nsis, perMachin: true } },
        { isEnabled: false, add: () => undefined },
      ),
    ).rejects.toThrow(/configuration\.nsis should be/)
  }, 30_000)

  it('keeps the ids that are for ever', () => {
    expect(config.appId).toBe('app.counterfoil.desktop')
    expect(config.appId).toBe(APP_ID)
    expect(config.nsis.guid).toBe('3f6c2f5e-8a0b-4a53-9d6b-5f1d7c0e9b42')
    expect(config.productName).toBe(pack['productName'])
  })

  it('packages the Electron that was developed against', () => {
    expect(config.electronVersion).toBe(pack.devDependencies['electron'])
  })

  it('packs bundles only: no sources, no types, no source maps, no dependencies', () => {
    expect(pack['dependencies']).toBeUndefined()
    expect(config.asar).toBe(true)
    expect(config.files).toEqual([
      'out/main/**',
      'out/preload/**',
      'out/renderer/**',
      'package.json',
      '!**/*.map',
      '!node_modules/**',
    ])
    expect(config.extraFiles).toContain('LICENSE')
  })

  it('burns the fuses that make the app nothing but this app', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('never deletes what staff entered, and installs once for the whole PC', () => {
    expect(config.nsis).toMatchObject({
      deleteAppDataOnUninstall: false,
      perMachine: true,
      oneClick: false,
    })
    expect(config.win.requestedExecutionLevel).toBe('asInvoker')
  })

  it('names files that exist', () => {
    for (const path of [config.nsis.include, config.mac.entitlements, config.win.icon, config.mac.icon]) {
      expect(text(path)).not.toBe('')
    }
  })

  it('makes what each system installs', () => {
    expect(config.win.target).toEqual([{ target: 'nsis', arch: ['x64'] }])
    expect(config.mac.target).toEqual(['dmg', 'zip'])
    expect(config.linux.target).toEqual(['deb', 'tar.gz', 'AppImage'])
    expect(config.linux.executableName).not.toContain(' ')
    expect(`${config.linux.executableName}.desktop`).toBe(pack['desktopName'])
  })
})

describe('installer.nsh', () => {
  const script = text('build/installer.nsh')
  it('refuses to go back to an older version, unless forced', () => {
    expect(script).toContain('!include WordFunc.nsh')
    expect(script).toMatch(/VersionCompare} "\$R7" "\$\{VERSION}" \$R8\s+\$\{if} \$R8 == 1/)
    expect(script).toContain('/FORCEDOWNGRADE')
    expect(script).toContain('SetErrorLevel 1638')
  })
  it('closes what it opens', () => {
    const count = (pattern: RegExp) => script.match(pattern)?.length ?? 0
    expect(count(/\$\{if\}/g)).toBe(count(/\$\{endif\}/g))
    expect(count(/!macro /g)).toBe(count(/!macroend/g))
  })
  it('deletes nothing', () => {
    expect(script).not.toMatch(/RMDir|Delete /)
  })
})

it('the macOS app asks for nothing but compiling scripts', () => {
  const keys = [...text('build/entitlements.mac.plist').matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key)
  expect(keys).toEqual(['com.apple.security.cs.allow-jit'])
})
