import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import { isToldApart } from '#shared/sync/told-apart.ts'
import { createOp } from '../../support/builders.ts'

const PHONE = { phoneNumber: '212-555-0101' }
const MAIL = { emailAddress: 'ann@example.com' }
const apart = (
  now: Partial<CustomerFields>,
  them: Partial<CustomerFields>,
  ...before: { shown: string[]; typed: Partial<CustomerFields> }[]
) =>
  isToldApart(
    createOp('c', 'L1', now, before.length > 0 ? { apartFrom: before } : {}),
    { id: 'SQ1', fields: { ...EMPTY_FIELDS, ...them } },
    'US',
  )

describe('S9 told apart from the new customer', () => {
  it('is who was shown, by the same number or address, however it is written', () => {
    expect(apart(MAIL, MAIL)).toBe(false)
    expect(apart(MAIL, MAIL, { shown: ['SQ2'], typed: MAIL })).toBe(false)
    expect(apart({ ...MAIL, ...PHONE }, MAIL, { shown: ['SQ1'], typed: MAIL })).toBe(true)
    const written = { phoneNumber: '+1 (212) 555-0101', emailAddress: 'Ann@Example.com' }
    expect(apart({ ...MAIL, ...PHONE }, { ...MAIL, ...PHONE }, { shown: ['SQ1'], typed: written })).toBe(true)
  })
  it('is not who shares what was not typed then', () => {
    const before = { shown: ['SQ1'], typed: { ...MAIL, phoneNumber: '12' } }
    expect(apart({ ...MAIL, ...PHONE }, { ...MAIL, ...PHONE }, before)).toBe(false)
    expect(apart({ ...MAIL, ...PHONE }, PHONE, before)).toBe(false)
    // Told apart a second time, with that number before their eyes.
    expect(apart(PHONE, PHONE, before, { shown: ['SQ1'], typed: PHONE })).toBe(true)
  })
  it('is also who was found by something else than these, or by nothing of them any more', () => {
    expect(apart({ givenName: 'Ann' }, MAIL, { shown: ['SQ1'], typed: {} })).toBe(true)
    expect(apart(PHONE, MAIL, { shown: ['SQ1'], typed: MAIL })).toBe(true)
  })
})
