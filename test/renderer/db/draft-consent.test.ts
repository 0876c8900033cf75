import { expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { isStoredDraft } from '#renderer/db/parse.ts'

const stored = (more: object) => ({
  opId: 'op-1',
  draft: {
    form: { opId: 'op-1', localId: 'c-1', isNew: true, shown: EMPTY_FIELDS },
    fields: EMPTY_FIELDS,
    keptAt: '2026-11-20T13:55:00Z',
    ...more,
  },
})

it('reads a draft with and without a kept consent, and sets one aside whose consent is no answer (S15)', () => {
  expect(isStoredDraft(stored({}))).toBe(true)
  expect(isStoredDraft(stored({ consent: true }))).toBe(true)
  expect(isStoredDraft(stored({ consent: 'yes' }))).toBe(false)
})
