import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type Address } from '#shared/customer/customer.ts'
import {
  addressLines,
  birthdayText,
  nameOf,
  timeText,
  valueText,
} from '#renderer/composables/customer-text.ts'
import { joinBirthday, splitBirthday } from '#renderer/components/form/birthday-parts.ts'
import { prefillFrom } from '#renderer/components/form/prefill.ts'

describe('customers in words', () => {
  it('calls a customer by name, else company, e-mail, phone', () => {
    expect(nameOf({ givenName: 'Ana', familyName: 'Ruiz', companyName: 'X' })).toBe('Ana Ruiz')
    expect(nameOf({ companyName: 'X', emailAddress: 'a@b.c' })).toBe('X')
    expect(nameOf({ emailAddress: 'a@b.c', phoneNumber: '1', nickname: 'Al' })).toBe('a@b.c')
    expect(nameOf({ nickname: 'Al' })).toBe('Al')
    expect(nameOf(EMPTY_FIELDS)).toBeNull()
  })
  it('shows a birthday with and without its year, 29 February included', () => {
    expect(birthdayText('1980-03-07', 'en-GB')).toBe('7 March 1980')
    expect(birthdayText('0000-02-29', 'en-GB')).toBe('29 February')
    expect(birthdayText('nonsense', 'en-GB')).toBe('nonsense')
  })
  it('shows an address as the lines of an envelope', () => {
    const lines = (town: Address) => addressLines({ addressLine1: '1 Main St', ...town }, 'en')
    expect(lines({ postalCode: '98402', locality: 'Tacoma', country: 'US' })).toEqual([
      '1 Main St',
      'Tacoma, 98402',
      'United States',
    ])
    const region = { administrativeDistrictLevel1: 'WA' }
    expect(lines({ postalCode: '98402', locality: 'Tacoma', ...region, country: 'US' })[1]).toBe(
      'Tacoma, WA 98402',
    )
    expect(lines({ ...region, country: 'US' })[1]).toBe('WA')
    expect(lines({ postalCode: 'T12 W8KP', locality: 'Cork', country: 'IE' })).toEqual([
      '1 Main St',
      'Cork',
      'T12 W8KP',
      'Ireland',
    ])
    expect(lines({ postalCode: '75011', locality: 'Paris', country: 'FR' })[1]).toBe('75011 Paris')
    expect(lines({ postalCode: '98402', locality: 'Tacoma' })[1]).toBe('98402 Tacoma')
    expect(valueText('address', null, 'en')).toBe('')
  })
  it('shows the hour today and the day as well on another one', () => {
    const noon = new Date(2026, 10, 20, 12, 5).toISOString()
    expect(timeText(noon, 'en-GB', new Date(2026, 10, 20, 18, 0).toISOString())).toBe('12:05')
    expect(timeText(noon, 'en-GB', new Date(2026, 10, 21, 8, 0).toISOString())).toContain('20 Nov')
    expect(timeText(null, 'en', noon)).toBe('')
  })
  it('takes a birthday apart and puts it together unchanged', () => {
    for (const value of ['1980-03-07', '0000-12-31']) expect(joinBirthday(splitBirthday(value))).toBe(value)
    expect(joinBirthday({ day: '', month: '', year: '' })).toBe('')
    expect(joinBirthday({ day: '7', month: '', year: '' })).toBe('0000--07')
  })
  it('puts what was searched for in vain into the field it belongs to', () => {
    expect(prefillFrom('ana@example.com').emailAddress).toBe('ana@example.com')
    expect(prefillFrom('+1 (212) 555-0100').phoneNumber).toBe('+1 (212) 555-0100')
    expect(prefillFrom(' José María  Ortiz ')).toMatchObject({ givenName: 'José', familyName: 'María Ortiz' })
    expect(prefillFrom('  ')).toEqual(EMPTY_FIELDS)
    const names = (text: string) => {
      const { givenName, familyName } = prefillFrom(text)
      return [givenName, familyName]
    }
    expect(names('Marcus')).toEqual(['Marcus', null])
    expect(names('van der Berg, Anna')).toEqual(['Anna', 'van der Berg'])
    expect(names('Ortiz,José  María')).toEqual(['José  María', 'Ortiz'])
    expect(names('Smith, John, Jr.')).toEqual(['John, Jr.', 'Smith'])
    expect(names('Berg,')).toEqual([null, 'Berg'])
    expect(names(', Anna')).toEqual(['Anna', null])
  })
})
