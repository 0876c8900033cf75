import { expect, it } from 'vitest'
import { setApart } from '#renderer/i18n/text.ts'
import { shortened } from '#renderer/composables/customer-text.ts'

it.each(['נועה לוי', 'فاطمة (2010)', 'Levi לוי'])(
  '%s is set apart inside a sentence of another direction',
  (name) => {
    expect(setApart({ name })).toEqual({ name: `\u2068${name}\u2069` })
  },
)

it('leaves what runs like the sentence, and figures, as they are', () => {
  const values = { name: 'Ana Ruiz', other: '山本 美咲', third: 'प्रिया', phone: '+972501234567', n: 3 }
  expect(setApart(values)).toEqual(values)
})

it('cuts a name of 255 letters inside a sentence, and no usual one', () => {
  expect(shortened('Ana Ruiz', 100)).toBe('Ana Ruiz')
  expect(shortened('x'.repeat(100), 100)).toBe('x'.repeat(100))
  expect(shortened('x'.repeat(255), 100)).toBe(`${'x'.repeat(99)}…`)
  expect(shortened('👩'.repeat(101), 100)).toBe(`${'👩'.repeat(99)}…`)
})
