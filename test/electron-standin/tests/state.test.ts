import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, launchSample, writeSample } from './sample-app.ts'

cleanUpAfterEach()

test('IndexedDB belongs to the origin and is there again after a restart', async () => {
  const sample = writeSample()
  const use = async (write: boolean) => {
    const { app, page } = await launchSample(sample)
    const found = await page.evaluate(
      (write) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('kept', 1)
          opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
          opening.onerror = () => reject(new Error(opening.error?.message))
          opening.onsuccess = () => {
            const rows = opening.result.transaction('rows', 'readwrite').objectStore('rows')
            const request = write ? rows.put('yes', 'key') : rows.get('key')
            request.onsuccess = () => resolve(request.result)
          }
        }),
      write,
    )
    await app.close()
    return found
  }
  await use(true)
  expect(await use(false)).toBe('yes')
})

test('safeStorage keeps a secret over a restart, and refuses what it did not write', async () => {
  const sample = writeSample()
  const first = await launchSample(sample)
  const kept = await first.app.evaluate(({ safeStorage }) => ({
    available: safeStorage.isEncryptionAvailable(),
    hex: safeStorage.encryptString('pässword').toString('hex'),
  }))
  expect(kept.available).toBe(true)
  expect(Buffer.from(kept.hex, 'hex').toString()).not.toContain('ssword')
  await first.app.close()
  const again = await launchSample(sample)
  const read = await again.app.evaluate(({ safeStorage }, hex) => {
    const attempt = (bytes: Buffer) => {
      try {
        return safeStorage.decryptString(bytes)
      } catch (error) {
        return (error as Error).message
      }
    }
    return [
      attempt(Buffer.from(hex, 'hex')),
      attempt(Buffer.from('plain')),
      attempt(Buffer.from(`${hex}00`, 'hex')),
    ]
  }, kept.hex)
  const failed = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
  expect(read).toEqual(['pässword', `${failed} Ciphertext does not appear to be encrypted.`, failed])
  await again.app.close()
})

test('safeStorage without a keyring behaves like a Linux without one', async () => {
  const { app } = await launchSample(writeSample(), { STANDIN_KEYRING: 'none' })
  const seen = await app.evaluate(({ safeStorage }) => {
    const before = safeStorage.isEncryptionAvailable()
    const backend = safeStorage.getSelectedStorageBackend()
    let refusal = ''
    try {
      safeStorage.encryptString('x')
    } catch (error) {
      refusal = (error as Error).message
    }
    safeStorage.setUsePlainTextEncryption(true)
    return { before, backend, refusal, after: safeStorage.isEncryptionAvailable() }
  })
  expect(seen).toEqual({
    before: false,
    backend: 'basic_text',
    refusal: expect.stringContaining('Encryption is not available.') as string,
    after: true,
  })
  await app.close()
})

test('dialogs cancel, can be replaced, and like the shell are logged', async () => {
  const sample = writeSample()
  const log = join(sample.folder, 'calls.log')
  const { app } = await launchSample(sample, { STANDIN_LOG: log })
  const answers = await app.evaluate(async ({ dialog, shell }) => {
    const cancelled = await dialog.showOpenDialog({ properties: ['openFile'] })
    await shell.openExternal('https://example.org/')
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/chosen'] })
    return [cancelled.canceled, (await dialog.showOpenDialog({})).filePaths]
  })
  expect(answers).toEqual([true, ['/chosen']])
  const calls = readFileSync(log, 'utf8').trim().split('\n')
  expect(calls.map((line) => (JSON.parse(line) as { call: string }).call)).toEqual([
    'dialog.showOpenDialog',
    'shell.openExternal',
  ])
  await app.close()
})
