import { expect, it } from 'vitest'
import { titleOf } from '#renderer/search/display.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'

it('a name is its words, whatever blanks Square holds around and between them', () => {
  const fields = { ...EMPTY_FIELDS, givenName: '  Nora ', familyName: 'Double  Space' }
  expect(titleOf(fields)).toBe('Nora Double Space')
  expect(titleOf({ ...fields, givenName: ' ', familyName: null, phoneNumber: '+1 212' })).toBe('+1 212')
})
