import { describe, expect, it } from 'vitest'
import { phoneMarks } from '#renderer/composables/phone-marks.ts'

/** The number with its marked digits in brackets. */
const marked = (from: string, to: string, country = 'US') =>
  phoneMarks(from, to, country)
    .map(({ text, isNew }) => (isNew ? `[${text}]` : text))
    .join('')

describe('what differs in a phone number', () => {
  it('is the digits that differ, not the number', () => {
    expect(marked('212-555-0100', '212-555-0177')).toBe('212-555-01[77]')
    expect(marked('+1 212-555-0100', '+1 646-555-0100')).toBe('+1 [646]-555-0100')
  })

  it('is not how it is written, nor a country code that both have', () => {
    expect(marked('(212) 555-0100', '+1 212.555.0100')).toBe('+1 212.555.0100')
    expect(marked('+12125550100', '212 555 0177')).toBe('212 555 01[77]')
    expect(marked('030 901820', '+49 30 901855', 'DE')).toBe('+49 30 9018[55]')
  })

  it('leaves a country code alone that the other does not have', () => {
    expect(marked('+49 30 901820', '030 901844')).toBe('030 9018[44]')
    expect(marked('030 901844', '+49 30 901820')).toBe('+49 30 9018[20]')
  })

  it('marks a digit put in between, and a number that was not there before', () => {
    expect(marked('555-010', '555-0190')).toBe('555-01[9]0')
    expect(marked('', '555-0190')).toBe('[555]-[0190]')
  })

  it('keeps every character, also other digits and letters', () => {
    for (const to of ['٢١٢ ٥٥٥ ٠١٧٧', 'call the bakery', '+1 212-555-0177 ext. 4'])
      expect(
        phoneMarks('212-555-0100', to, 'US')
          .map(({ text }) => text)
          .join(''),
      ).toBe(to)
  })
})
