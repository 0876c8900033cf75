import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSecretStorage } from '#main/platform/secret-storage.ts'

const TOKEN = 'EAAAtoken-0123456789'
type Backend = 'gnome_libsecret' | 'kwallet6' | 'basic_text' | 'unknown'

/** A key store whose ciphertext is the text reversed under the name of its backend. */
function keyStore(backend: Backend, available = true) {
  return {
    isEncryptionAvailable: () => available,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => Buffer.from(`${backend}:${[...text].reverse().join('')}`),
    decryptString(bytes: Buffer) {
      const [name, text = ''] = bytes.toString().split(':')
      if (name !== backend) throw new Error('cannot decrypt')
      return [...text].reverse().join('')
    },
  }
}

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-secret-'))
  file = join(folder, 'token.json')
})
afterEach(() => rm(folder, { recursive: true }))

const storage = (backend: Backend, platform: NodeJS.Platform = 'linux', available = true) =>
  createSecretStorage({ safeStorage: keyStore(backend, available), platform })

describe('secret storage', () => {
  it('gives back what it stored, also after a restart, and writes it down only encrypted', async () => {
    expect(await storage('gnome_libsecret').save(file, TOKEN)).toBe('stored')
    expect(await storage('gnome_libsecret').load(file)).toBe(TOKEN)
    expect(await readFile(file, 'utf8')).not.toContain(TOKEN)
    expect(await readdir(folder)).toEqual(['token.json'])
  })

  it.skipIf(process.platform === 'win32')('is readable by its owner alone', async () => {
    await storage('gnome_libsecret').save(file, TOKEN)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['basic_text', true],
    ['unknown', true],
    ['gnome_libsecret', false],
  ] as const)(
    'writes nothing with backend %s, available %s, and removes what was there',
    async (backend, available) => {
      await storage('gnome_libsecret').save(file, 'older')
      expect(await storage(backend, 'linux', available).save(file, TOKEN)).toBe('memory')
      expect(await readdir(folder)).toEqual([])
      expect(await storage(backend, 'linux', available).load(file)).toBeNull()
    },
  )

  it('asks again where the key store has changed', async () => {
    await storage('gnome_libsecret').save(file, TOKEN)
    expect(await storage('kwallet6').load(file)).toBeNull()
    expect(await storage('basic_text').load(file)).toBeNull()
  })

  it('does not look at the Linux backends on other systems', async () => {
    expect(await storage('basic_text', 'win32').save(file, TOKEN)).toBe('stored')
    expect(await storage('basic_text', 'win32').load(file)).toBe(TOKEN)
  })

  it.each([
    ['not JSON', '{"format":1'],
    ['of another format', '{"format":2,"backend":"gnome_libsecret","secret":"eA=="}'],
    ['not to be decrypted', '{"format":1,"backend":"gnome_libsecret","secret":"eA=="}'],
    ['null', 'null'],
  ])('has nothing where the file is %s', async (_name, content) => {
    await writeFile(file, content)
    expect(await storage('gnome_libsecret').load(file)).toBeNull()
  })

  it('forgets, and forgetting twice is harmless', async () => {
    await storage('gnome_libsecret').save(file, TOKEN)
    await storage('gnome_libsecret').forget(file)
    await storage('gnome_libsecret').forget(file)
    expect(await storage('gnome_libsecret').load(file)).toBeNull()
  })

  it('keeps the token in memory where the disk refuses', async () => {
    expect(await storage('gnome_libsecret').save(join(folder, 'no', 'such', 'token.json'), TOKEN)).toBe(
      'memory',
    )
  })
})
