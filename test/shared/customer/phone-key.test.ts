import { describe, expect, it } from 'vitest'
import { phoneGrouping } from '#shared/customer/phone-key.ts'

describe('the groups a phone number is read in', () => {
  it.each([
    ['+390655501234', 'US', ['+39', '06', '5550', '1234']],
    ['+12065550101', 'US', ['+1', '206', '555', '0101']],
    ['2065550101', 'US', ['206', '555', '0101']],
    ['02079460123', 'gb', ['020', '7946', '0123']],
  ])('%s, of a seller in %s: as that country writes it', (phone, country, groups) => {
    expect(phoneGrouping(phone, country)).toEqual(groups)
  })

  it.each([
    ['no number at all', 'ask at the till', 'US'],
    ['too short to be one', '55', 'US'],
    ['of a country nobody knows', '2065550101', 'XX'],
  ])('%s stays as it is', (_, phone, country) => {
    expect(phoneGrouping(phone, country)).toEqual([phone])
  })
})
