import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutAtGroups, phoneGroups } from '#renderer/composables/phone-groups.ts'

it.each([
  ['+12065550111', 'US', ['+1', '206', '555', '0111']],
  ['2065550111', 'US', ['206', '555', '0111']],
  ['+442079460018', 'US', ['+44', '20', '7946', '0018']],
  ['02079460018', 'GB', ['020', '7946', '0018']],
  ['+353861234567', 'IE', ['+353', '86', '123', '4567']],
  ['+972501234567', 'IL', ['+972', '50', '123', '4567']],
  ['+819012345678', 'JP', ['+81', '90', '1234', '5678']],
])('%s in %s is read in its groups', (phone, country, groups) => {
  expect(phoneGroups(phone, country)).toEqual(groups)
})

it.each(['+1 206 555 0111', '(206) 555-0111', '206-555-0111', 'call Bob', '', '12', '+', '0000000000000000'])(
  '%s is left as somebody wrote it',
  (phone) => expect(phoneGroups(phone, 'US')).toEqual([phone]),
)

it('changes no character, whatever stands there', () => {
  const digits = fc.stringMatching(/^\+?\d{0,17}$/)
  fc.assert(
    fc.property(
      fc.oneof(digits, fc.string()),
      fc.constantFrom('US', 'GB', 'DE', 'JP', 'XX'),
      (phone, country) => {
        const groups = phoneGroups(phone, country)
        expect(groups.join('')).toBe(phone)
        const parts = [...phone].map((text, at) => ({ text, isNew: at % 3 === 0 }))
        const cut = cutAtGroups(parts, groups)
        expect(cut.map(({ text }) => text).join('')).toBe(phone)
        expect(cut.filter(({ gap }) => gap)).toHaveLength(Math.max(groups.length - 1, 0))
      },
    ),
  )
})

it('cuts what is marked where a group begins, and keeps the marks', () => {
  expect(
    cutAtGroups(
      [
        { text: '+12065550', isNew: false },
        { text: '1199', isNew: true },
      ],
      ['+1', '206', '555', '01199'],
    ),
  ).toEqual([
    { text: '+1', isNew: false, gap: false },
    { text: '206', isNew: false, gap: true },
    { text: '555', isNew: false, gap: true },
    { text: '0', isNew: false, gap: true },
    { text: '1199', isNew: true, gap: false },
  ])
})
