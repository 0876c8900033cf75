import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filled, words } from '#main/platform/words.ts'

const root = new URL('../../../../electron/main/', import.meta.url)
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('words.ts'),
)
/** Texts that a dialog or a menu would show; the name of the app is the same in every language. */
function spoken(code: string): readonly string[] {
  const shown =
    /\b(?:message|detail|label|title|buttons|name|sublabel|checkboxLabel):\s*(?:isMac \? )?(\[?['"`][A-Z][^\n]*)/g
  return [...code.matchAll(shown)]
    .map(([, text = '']) => text)
    .filter((text) => !text.startsWith("'Counterfoil'"))
}

describe('the words of main', () => {
  it('stand in one file: no dialog and no menu holds text of its own', () => {
    const found = files.flatMap((file) =>
      spoken(readFileSync(new URL(file, root), 'utf8')).map((text) => `${file}: ${text}`),
    )
    expect(found).toEqual([])
    expect(spoken("{ message: `Delete ${n}`, buttons: ['No', 'Yes'] }")).toHaveLength(1)
    expect(spoken("{ label: 'View',\n title: 'Counterfoil', detail: 'x' }")).toEqual(["'View',"])
  })

  it('have their number in every place of it', () => {
    expect(filled(words.deletions.ask, 34)).toBe('Delete 34 customers?')
    expect(filled(words.deletions.detail, 34)).toContain('34 customers')
    expect(filled(words.deletions.detail, 34)).not.toMatch(/[{}]/)
  })
})
