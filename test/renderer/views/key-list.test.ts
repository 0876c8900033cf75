import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import { PRACTICE_SESSION } from '../../support/screen-bridge.ts'

const root = join(import.meta.dirname, '../../../renderer')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.endsWith('SettingsView.vue'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** Each way in which a source gives a control its key; what none of them reads is reported by `strange`. */
const NAMED = { 'key.esc': 'Esc', 'key.del': 'Del' } as const
function keysIn(text: string): readonly string[] {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)
  return [
    ...[...text.matchAll(/\['(Alt|Ctrl)', '(\w+)'\]/g)].map(([, held, key]) => `${held}+${key}`),
    ...all(/keys="\['(\w)'\]"/g),
    ...all(/keys="\[t\('(key\.\w+)'\)\]"/g).map((name) => NAMED[name as keyof typeof NAMED]),
    ...all(/ aria-keyshortcuts="(.)"/g),
    ...all(/\bletter(?:: '|=")([A-Z])['"]/g).map((letter) => `Alt+${letter}`),
    ...all(/const LETTERS = \[(.*)\]/g).flatMap((list) =>
      [...list.matchAll(/[A-Z]/g)].map(([one]) => `Alt+${one}`),
    ),
    ...all(/const NUMBERS[^{]*\{([^}]*)\}/g).flatMap((list) => list.match(/\d/g) ?? []),
  ]
}
function strange(text: string): readonly string[] {
  const known =
    /^(\['(Alt|Ctrl)', '\w+'\]|\['\w'\]|\[t\('key\.\w+'\)\]|\['Alt', (\w+\.)?letter\]|number|keys\?\.join\('\+'\)|.)$/
  return [...text.matchAll(/(?:keys|aria-keyshortcuts)="([^"]*)"/g)]
    .map(([, value = '']) => value)
    .filter((value) => !known.test(value))
}

let screen: Screen | undefined
afterEach(() => screen?.wrapper.unmount())
async function listed(environment: 'practice' | 'sandbox') {
  const session = {
    ...PRACTICE_SESSION,
    store: { merchantId: 'M1', environment },
  } as typeof PRACTICE_SESSION
  screen = await mountScreen('/settings', createFakeBook(), { session })
  await vi.dynamicImportSettled()
  await screen.settle()
  return [...document.querySelectorAll('section[aria-label="Keys"] dt')].flatMap((row) => {
    const [first = '', ...more] = [...row.querySelectorAll('kbd')].map((key) => key.textContent.trim())
    return first === 'Alt' || first === 'Ctrl' ? more.map((key) => `${first}+${key}`) : [first, ...more]
  })
}

describe('the list of keys in the settings', () => {
  it('has every key that a control shows, each once', async () => {
    const unread = sources.flatMap(({ file, text }) =>
      (file.endsWith('.vue') ? strange(text) : []).map((value) => `${file}: ${value}`),
    )
    expect(unread).toEqual([])
    const shown = new Set(sources.flatMap(({ text }) => keysIn(text)))
    expect(shown.size).toBeGreaterThan(30)
    expect((await listed('practice')).toSorted()).toEqual([...shown].toSorted())
  })

  it('has those of the practice controls only where they are', async () => {
    const keys = await listed('sandbox')
    expect(keys).toContain('Alt+O')
    expect(keys.filter((key) => /^Alt\+[PLXIVYZ]$/.test(key))).toEqual([])
  })
})
