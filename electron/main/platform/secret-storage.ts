import type { SafeStorage } from 'electron'
import { rm } from 'node:fs/promises'
import { readJson, writeAtomically } from './atomic-file.ts'

/** Keeps one secret per file, readable only through the system's own key store. */
export interface SecretStorage {
  /** memory: this PC has no key store worth the name, nothing was written and the secret must be asked for again. */
  save(file: string, secret: string): Promise<'stored' | 'memory'>
  /** Null: nothing there, or written under another key store than today's, or not to be decrypted: ask again. */
  load(file: string): Promise<string | null>
  forget(file: string): Promise<void>
}

interface StoredSecret {
  readonly format: 1
  /** The key store it was encrypted with. On Linux it can change from one login to the next. */
  readonly backend: string
  readonly secret: string
}

/** On Linux `basic_text` is a key that is written in Chromium's source: no protection, so it does not count. */
export function createSecretStorage(options: {
  readonly safeStorage: Pick<
    SafeStorage,
    'isEncryptionAvailable' | 'encryptString' | 'decryptString' | 'getSelectedStorageBackend'
  >
  readonly platform: NodeJS.Platform
}): SecretStorage {
  const { safeStorage, platform } = options

  function backend(): string | null {
    if (!safeStorage.isEncryptionAvailable()) return null
    if (platform !== 'linux') return platform
    const selected = safeStorage.getSelectedStorageBackend()
    return selected === 'basic_text' || selected === 'unknown' ? null : selected
  }

  return {
    async save(file, secret) {
      const current = backend()
      if (current === null) {
        await rm(file, { force: true })
        return 'memory'
      }
      const stored: StoredSecret = {
        format: 1,
        backend: current,
        secret: safeStorage.encryptString(secret).toString('base64'),
      }
      try {
        await writeAtomically(file, JSON.stringify(stored))
        return 'stored'
      } catch {
        // A full disk: the token still works until the app ends.
        return 'memory'
      }
    },
    async load(file) {
      const stored = await readJson(file, parseStored)
      if (!stored || stored.backend !== backend()) return null
      try {
        return safeStorage.decryptString(Buffer.from(stored.secret, 'base64'))
      } catch {
        return null
      }
    },
    forget: (file) => rm(file, { force: true }),
  }
}

function parseStored(value: unknown): StoredSecret | null {
  const stored = value as Partial<StoredSecret>
  const sound = stored.format === 1 && typeof stored.backend === 'string' && typeof stored.secret === 'string'
  return sound ? (stored as StoredSecret) : null
}
