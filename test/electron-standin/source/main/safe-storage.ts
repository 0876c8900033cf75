import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loudMembers } from '../loud.ts'

// Chromium's marks for text encrypted with a key from the keyring, and with its fixed key.
const MARK = 'v11'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * electron.safeStorage with a key file instead of the system's keyring: no protection, only the same behaviour.
 * STANDIN_KEYRING=none behaves like a Linux without a keyring.
 */
export class SafeStorage {
  readonly #folder: () => string
  readonly #isReady: () => boolean
  #usesPlainText = false

  constructor(options: { folder: () => string; isReady: () => boolean }) {
    this.#folder = options.folder
    this.#isReady = options.isReady
  }

  isEncryptionAvailable(): boolean {
    return this.#isReady() && (hasKeyring() || this.#usesPlainText)
  }
  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isEncryptionAvailable())
  }
  getSelectedStorageBackend(): 'basic_text' | 'gnome_libsecret' | 'unknown' {
    if (!this.#isReady()) return 'unknown'
    return hasKeyring() ? 'gnome_libsecret' : 'basic_text'
  }
  setUsePlainTextEncryption(usePlainText: boolean): void {
    this.#usesPlainText = usePlainText
  }

  encryptString(plainText: string): Buffer {
    if (!this.isEncryptionAvailable()) {
      throw new Error(
        'Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.',
      )
    }
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key(), iv)
    const text = [cipher.update(plainText, 'utf8'), cipher.final()]
    return Buffer.concat([Buffer.from(MARK), iv, ...text, cipher.getAuthTag()])
  }

  decryptString(encrypted: Buffer): string {
    const failed = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
    if (!this.isEncryptionAvailable()) throw new Error(`${failed} Decryption is not available.`)
    if (!Buffer.isBuffer(encrypted) || encrypted.subarray(0, MARK.length).toString() !== MARK) {
      throw new Error(`${failed} Ciphertext does not appear to be encrypted.`)
    }
    const start = MARK.length + IV_BYTES
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key(), encrypted.subarray(MARK.length, start))
      decipher.setAuthTag(encrypted.subarray(-TAG_BYTES))
      return (
        decipher.update(encrypted.subarray(start, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      )
    } catch {
      throw new Error(failed)
    }
  }

  encryptStringAsync(plainText: string): Promise<Buffer> {
    return new Promise((resolve) => resolve(this.encryptString(plainText)))
  }
  decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    return new Promise((resolve) =>
      resolve({ result: this.decryptString(encrypted), shouldReEncrypt: false }),
    )
  }

  #key(): Buffer {
    const file = join(this.#folder(), 'standin-safe-storage.key')
    try {
      return readFileSync(file)
    } catch {
      const key = randomBytes(32)
      // A keyring does not forget in a power cut.
      writeFileSync(file, key, { mode: 0o600, flag: 'wx', flush: true })
      syncFolder(this.#folder())
      return key
    }
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

const hasKeyring = () => process.env['STANDIN_KEYRING'] !== 'none'

export const createSafeStorage = (options: { folder: () => string; isReady: () => boolean }) =>
  loudMembers('safeStorage', new SafeStorage(options))
