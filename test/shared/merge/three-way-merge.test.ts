import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalEquals } from '#shared/customer/canonical.ts'
import { EMPTY_FIELDS, type CustomerField, type FieldValue, type Patch } from '#shared/customer/customer.ts'
import { touchedFields } from '#shared/customer/patch.ts'
import { threeWayMerge } from '#shared/merge/three-way-merge.ts'
import { anyEncounter, anyFields, anyPatch } from '../../support/arbitraries.ts'

const us = { country: 'US' }

function verdictOf<F extends CustomerField>(
  field: F,
  base: FieldValue<F>,
  local: FieldValue<F>,
  remote: FieldValue<F>,
) {
  const [first, ...rest] = threeWayMerge(
    { [field]: { base, local } },
    { ...EMPTY_FIELDS, [field]: remote },
    us,
  )
  expect(rest).toEqual([])
  return [first!.verdict, first!.result]
}

describe('one field', () => {
  test('only we changed it', () => expect(verdictOf('givenName', 'a', 'b', 'a')).toEqual(['ours', 'b']))
  test('both changed it to the same', () =>
    expect(verdictOf('givenName', 'a', 'b', 'b')).toEqual(['agreed', 'b']))
  test('both changed it', () => expect(verdictOf('givenName', 'a', 'b', 'c')).toEqual(['ask', 'b']))
  test('we cleared, they changed', () =>
    expect(verdictOf('givenName', 'a', null, 'c')).toEqual(['ask', null]))
  test('we changed, they cleared', () => expect(verdictOf('givenName', 'a', 'b', null)).toEqual(['ask', 'b']))
  test('both cleared', () => expect(verdictOf('givenName', 'a', null, null)).toEqual(['agreed', null]))
  test('both added', () => expect(verdictOf('referenceId', null, '7', '8')).toEqual(['ask', '7']))

  test('the same number in another spelling at Square is agreed, in its spelling', () => {
    expect(verdictOf('phoneNumber', '1', '415-555-0100', '+14155550100')).toEqual(['agreed', '+14155550100'])
  })
  test('a new spelling of an unmoved value is sent: staff chose it', () => {
    expect(verdictOf('emailAddress', 'ANA@x.example', 'ana@x.example', 'ANA@x.example')).toEqual([
      'ours',
      'ana@x.example',
    ])
    expect(verdictOf('address', { country: 'GB' }, { country: 'gb' }, { country: 'GB' })).toEqual([
      'ours',
      { country: 'gb' },
    ])
  })
  test('Square rewrote the base only: our change goes out', () => {
    expect(verdictOf('birthday', '09-01', '1980-09-02', '0000-09-01')).toEqual(['ours', '1980-09-02'])
  })
  test('we rewrote the base only, they changed it: theirs stays, nobody is asked', () => {
    expect(verdictOf('phoneNumber', '415-555-0100', '+14155550100', '+14155550199')).toEqual([
      'agreed',
      '+14155550199',
    ])
  })
})

describe('a note', () => {
  test('edits apart from each other are combined, and agreed once they have come back', () => {
    expect(verdictOf('note', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC')).toEqual(['combined', 'A\nb\nC'])
    expect(verdictOf('note', 'a\nb\nc', 'A\nb\nc', 'A\nb\nC')).toEqual(['agreed', 'A\nb\nC'])
  })
  // Put together it is "called, pays cash": come back, that looks like a line that Square moved and we took out.
  test('a line that we took out and they put in elsewhere is a question at once, not when it has come back', () => {
    const ours = 'pays cash\n'
    expect(verdictOf('note', 'pays cash\ncalled  ', ours, 'called\npays cash\ncalled')).toEqual(['ask', ours])
  })
})

describe('fields decided as a whole', () => {
  const street = { addressLine1: '1 Main St' }

  test('they added more to the same address: theirs holds ours', () => {
    const theirs = { ...street, locality: 'York' }
    expect(verdictOf('address', null, street, theirs)).toEqual(['agreed', theirs])
  })
  test('we added more: ours holds theirs', () => {
    const ours = { ...street, locality: 'York' }
    expect(verdictOf('address', null, ours, street)).toEqual(['combined', ours])
  })
  test('different parts of one address are a question: half and half is where nobody lives', () => {
    const ours = { ...street, locality: 'York' }
    expect(verdictOf('address', street, ours, { ...street, postalCode: 'YO1' })).toEqual(['ask', ours])
  })
  test('a removed part is a change: the address that still has it does not hold ours', () => {
    const base = { ...street, addressLine2: 'Flat 3' }
    expect(verdictOf('address', base, street, { ...base, locality: 'York' })).toEqual(['ask', street])
  })
  test('they removed a part, we removed it and added one', () => {
    const ours = { ...street, locality: 'York' }
    expect(verdictOf('address', { ...street, addressLine2: 'Flat 3' }, ours, street)).toEqual([
      'combined',
      ours,
    ])
  })
  test('a birthday with the year holds the one without', () => {
    expect(verdictOf('birthday', null, '0000-09-01', '1980-09-01')).toEqual(['agreed', '1980-09-01'])
    expect(verdictOf('birthday', null, '1980-09-01', '0000-09-01')).toEqual(['combined', '1980-09-01'])
    expect(verdictOf('birthday', null, '1980-09-01', '0000-09-02')).toEqual(['ask', '1980-09-01'])
  })
  test('two birthdays that nobody can read are a question, as any two texts', () => {
    expect(verdictOf('birthday', null, 'in spring', 'in autumn')).toEqual(['ask', 'in spring'])
  })
})

describe('properties', () => {
  const merge = (patch: Patch, remote: Parameters<typeof threeWayMerge>[1]) =>
    threeWayMerge(patch, remote, us)

  test('every touched field ends in exactly one verdict', () => {
    fc.assert(
      fc.property(anyEncounter, ({ patch, remote }) => {
        expect(merge(patch, remote).map(({ field }) => field)).toEqual(touchedFields(patch))
      }),
    )
  })

  test('a value nobody chose never appears, but for notes put together', () => {
    fc.assert(
      fc.property(anyEncounter, ({ patch, remote }) => {
        for (const { field, verdict, local, remote: theirs, result } of merge(patch, remote)) {
          if (field === 'note' && verdict === 'combined') continue
          expect([local, theirs]).toContainEqual(result)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a note put together holds every line that either side added', () => {
    fc.assert(
      fc.property(anyEncounter, ({ patch, remote }) => {
        const note = merge(patch, remote).find(({ field }) => field === 'note')
        if (note?.verdict !== 'combined') return
        const lines = (text: FieldValue<CustomerField>) =>
          (typeof text === 'string' ? text : '').split('\n').map((line) => line.trimEnd())
        const result = lines(note.result)
        for (const side of [note.local, note.remote]) {
          const added = lines(side).filter((line) => line.trim() !== '' && !lines(note.base).includes(line))
          expect(result).toEqual(expect.arrayContaining(added))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('nothing is overwritten unseen: what goes out replaces the base, or holds what Square has', () => {
    fc.assert(
      fc.property(anyEncounter, ({ patch, remote }) => {
        for (const { field, verdict, base, remote: theirs, result } of merge(patch, remote)) {
          if (verdict === 'ours') expect(canonicalEquals(field, base, theirs, us)).toBe(true)
          if (verdict === 'agreed') expect(result).toEqual(theirs)
          if (verdict === 'combined') expect(['note', 'address', 'birthday']).toContain(field)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('Square as it was shown asks nothing; Square as we want it sends nothing', () => {
    const anyEdit = anyFields.chain((base) => fc.tuple(fc.constant(base), anyPatch(base)))
    fc.assert(
      fc.property(anyEdit, ([base, patch]) => {
        const wanted = {
          ...base,
          ...Object.fromEntries(touchedFields(patch).map((f) => [f, patch[f]!.local])),
        }
        expect(
          merge(patch, base).filter(({ verdict }) => verdict === 'ask' || verdict === 'combined'),
        ).toEqual([])
        expect(merge(patch, wanted).every(({ verdict }) => verdict === 'agreed')).toBe(true)
      }),
    )
  })

  test('no change of ours leaves nothing of ours to send', () => {
    fc.assert(
      fc.property(anyEncounter, ({ base, patch, remote }) => {
        const same = Object.fromEntries(
          touchedFields(patch).map((f) => [f, { base: base[f], local: base[f] }]),
        ) as Patch
        expect(merge(same, remote).every(({ verdict }) => verdict === 'agreed')).toBe(true)
      }),
    )
  })

  test('questions are symmetric: whoever writes first, the same fields are asked', () => {
    fc.assert(
      fc.property(anyEncounter, ({ base, patch, remote }) => {
        const fields = touchedFields(patch)
        const swapped = Object.fromEntries(
          fields.map((f) => [f, { base: base[f], local: remote[f] }]),
        ) as Patch
        const ours = {
          ...base,
          ...Object.fromEntries(fields.map((f) => [f, patch[f]!.local])),
        }
        const asked = (verdicts: ReturnType<typeof merge>) =>
          verdicts.filter((v) => v.verdict === 'ask').map((v) => v.field)
        expect(asked(merge(swapped, ours))).toEqual(asked(merge(patch, remote)))
      }),
      { numRuns: 1_000 },
    )
  })

  test('what was sent and echoed is settled: the next round asks nothing', () => {
    fc.assert(
      fc.property(anyEncounter, ({ patch, remote }) => {
        const sent = merge(patch, remote).filter(({ verdict }) => verdict !== 'ask')
        const echoed = { ...remote, ...Object.fromEntries(sent.map(({ field, result }) => [field, result])) }
        const again = Object.fromEntries(sent.map(({ field }) => [field, patch[field]])) as Patch
        expect(merge(again, echoed).filter(({ verdict }) => verdict !== 'agreed')).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
