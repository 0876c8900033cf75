import { beforeEach, describe, expect, it } from 'vitest'
import { createSearchIndex, type SearchIndex } from '#renderer/search/search-index.ts'
import type { SearchedFields, SearchEntry } from '#renderer/search/search-entry.ts'
import { NOTHING_SEARCHED, searchEntry } from '../../support/search-entries.ts'

let made = 0
function customer(fields: Partial<SearchedFields>, localId = `c${++made}`): SearchEntry {
  return searchEntry(localId, fields)
}
function person(name: string, fields: Partial<SearchedFields> = {}): SearchEntry {
  const [givenName = null, ...family] = name.split(' ')
  return customer({ givenName, familyName: family.join(' ') || null, ...fields })
}

let index: SearchIndex
beforeEach(() => {
  index = createSearchIndex('en')
})
const titles = (text: string, offset = 0, limit = 100) =>
  index.query(text, offset, limit).rows.map((row) => row.title)

describe('names', () => {
  it('finds every word by its beginning, in any order', () => {
    index.upsert([person('Ana María Ruiz'), person('Anabel Ruiz'), person('Bruno Ruiz')])
    expect(titles('rui ana')).toEqual(['Ana María Ruiz', 'Anabel Ruiz'])
    expect(titles('mar ana')).toEqual(['Ana María Ruiz'])
    expect(titles('uiz')).toEqual([])
  })

  it.each([
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Jens Sørensen', 'sorensen'],
    ['Jens Sørensen', 'soerensen'],
    ['Uwe Groß', 'gross'],
    ['Eva Müller', 'mueller'],
    ['Eva Müller', 'muller'],
    ['Eva Mueller', 'müller'],
    ["Sinéad O'Brien", 'obrien'],
    ["Sinéad O'Brien", "o'br"],
    ["Sinéad O'Brien", 'brien'],
    ['Jean-Luc Picard', 'jean luc'],
    ['Jean-Luc Picard', 'jeanluc'],
    ['Jean Luc', 'jean-luc'],
    ['Олена Шевченко', 'шевч'],
    ['Γιώργος Παππάς', 'παππας'],
    ['太郎 山田', '山田太郎'],
    ['太郎 山田', '山'],
    ['太郎 山田', '郎'],
    ['철수 김', '김철수'],
    ['タロウ', 'たろう'],
    ['محمد علي', 'علي'],
    ['नीता कुमार', 'कुमा'],
    ['สมชาย ใจดี', 'ชาย'],
  ])('finds %s by %s', (name, text) => {
    index.upsert([person(name), person('Somebody Else')])
    expect(titles(text)).toEqual([name])
  })

  it('puts exact words first, then follows the order of names', () => {
    index.upsert([person('Annabel Lee'), person('Zoe Ann'), person('Ann Able'), person('Anna Bell')])
    expect(titles('ann')).toEqual(['Ann Able', 'Zoe Ann', 'Anna Bell', 'Annabel Lee'])
  })

  it('lists everybody in the order of names, and windows of it', () => {
    index.upsert([person('Örjan'), person('Zed'), person('éva'), person('Adam 10'), person('Adam 9')])
    expect(titles('')).toEqual(['Adam 9', 'Adam 10', 'éva', 'Örjan', 'Zed'])
    expect(index.query('', 1, 2)).toMatchObject({ total: 5, rows: [{ title: 'Adam 10' }, { title: 'éva' }] })
  })

  it('finds nothing where nothing searchable was typed, and everybody where nothing was', () => {
    index.upsert([person('Ana')])
    expect(titles('--')).toEqual([])
    expect(titles('   ')).toEqual(['Ana'])
  })
})

describe('e-mail, company, nickname, reference', () => {
  it('finds an e-mail by its beginning and by its parts, not by its last label', () => {
    index.upsert([person('Ana', { emailAddress: 'Ana.Ruiz@Mail-House.com' }), person('Com Mando')])
    expect(titles('ana.ruiz@ma')).toEqual(['Ana'])
    expect(titles('mail')).toEqual(['Ana'])
    expect(titles('com')).toEqual(['Com Mando'])
  })
  it('finds by company, nickname and reference', () => {
    index.upsert([person('Ana', { companyName: 'Bäckerei Süß', nickname: 'Annie', referenceId: 'VIP-0042' })])
    for (const text of ['backerei', 'suss', 'annie', 'vip-00', 'vip0042', '0042'])
      expect(titles(text)).toEqual(['Ana'])
  })
})

describe('phone', () => {
  const found = (phone: string, text: string) => {
    const one = createSearchIndex('en')
    one.upsert([person('Ana', { phoneNumber: phone }), person('Bob', { phoneNumber: '+1 212 999 0000' })])
    return one.query(text, 0, 10).rows.map((row) => row.title)
  }
  it.each([
    ['+1 (555) 010-4477', '555010'],
    ['+1 (555) 010-4477', '(555) 010'],
    ['+1 (555) 010-4477', '555 010-4477'],
    ['+1 (555) 010-4477', '15550104477'],
    ['555-010-4477', '+1 555 010 4477'],
    ['15550104477', '555 010'],
    ['+49 30 1234567', '030 1234'],
    ['030 1234567', '+49 30 123'],
    ['+49 (0)30 1234567', '030 1234567'],
    ['0044 20 7946 0000', '+44 20 7946'],
    ['+380 44 123 45 67', '044 123'],
  ])('finds %s by %s', (phone, text) => {
    expect(found(phone, text)).toEqual(['Ana'])
  })
  it('finds a number by its last four digits and more, not by fewer', () => {
    expect(found('+1 (555) 010-4477', '4477')).toEqual(['Ana'])
    expect(found('+1 (555) 010-4477', '104477')).toEqual(['Ana'])
    expect(found('+1 (555) 010-4477', '477')).toEqual([])
  })
  it('finds digits typed on another keyboard', () => {
    expect(found('+1 (555) 010-4477', '٤٤٧٧')).toEqual(['Ana'])
  })
})

describe('changes', () => {
  it('finds a changed customer by the new words only, in the new place', () => {
    index.upsert([person('Bea'), customer({ givenName: 'Carl' }, 'x')])
    expect(titles('')).toEqual(['Bea', 'Carl'])
    index.upsert([customer({ givenName: 'Abe' }, 'x')])
    expect(titles('')).toEqual(['Abe', 'Bea'])
    expect(titles('carl')).toEqual([])
  })
  it('shows a changed status at once', () => {
    index.upsert([customer({ givenName: 'Carl' }, 'x')])
    index.query('', 0, 1)
    index.upsert([{ ...customer({ givenName: 'Carl' }, 'x'), status: 'needs-you', openOpIds: ['o1'] }])
    expect(index.query('', 0, 1).rows[0]).toMatchObject({ status: 'needs-you', openOpIds: ['o1'] })
  })
  it('forgets a removed customer, also when the place is used again', () => {
    index.upsert([customer({ givenName: 'Carl' }, 'x')])
    index.remove(['x', 'never-there'])
    expect(index.query('', 0, 9)).toEqual({ total: 0, rows: [] })
    index.upsert([customer({ givenName: 'Dora' }, 'y')])
    expect(titles('carl')).toEqual([])
    expect(titles('dora')).toEqual(['Dora'])
  })
  it('is the same after many single changes as when built at once', () => {
    const names = Array.from({ length: 300 }, (_, i) => `N${(i * 7919) % 300} F${(i * 104729) % 17}`)
    const entries = names.map((name, i) => ({ ...person(name), localId: `i${i}` }))
    const atOnce = createSearchIndex('en')
    atOnce.upsert(entries)
    for (const entry of entries.toReversed()) {
      index.upsert([{ ...entry, fields: { ...entry.fields, givenName: 'Temporary' } }])
      index.query('temp', 0, 1)
      index.upsert([entry])
      index.query('', 0, 1)
    }
    for (const text of ['', 'n1', 'f3', 'n12 f1'])
      expect(index.query(text, 0, 500)).toEqual(atOnce.query(text, 0, 500))
  })
})

describe('alike', () => {
  const ids = (fields: Partial<SearchedFields>, except: string | null = null) =>
    index.alike(fields, except).map((row) => row.localId)

  it('finds the same phone in another spelling, the same e-mail, reference or name', () => {
    index.upsert([
      customer({ givenName: 'Phone', phoneNumber: '+49 30 1234567' }, 'phone'),
      customer({ givenName: 'Mail', emailAddress: 'Ana@Example.com' }, 'mail'),
      customer({ givenName: 'Ref', referenceId: 'VIP-1' }, 'ref'),
      customer({ givenName: 'José', familyName: 'Núñez' }, 'name'),
      customer({ givenName: 'José', familyName: 'Other' }, 'given'),
    ])
    expect(ids({ phoneNumber: '030/1234567' })).toEqual(['phone'])
    expect(ids({ emailAddress: 'ana@example.COM ' })).toEqual(['mail'])
    expect(ids({ referenceId: 'vip-1' })).toEqual(['ref'])
    expect(ids({ givenName: 'Jose', familyName: 'Nunez' })).toEqual(['name'])
    expect(ids({ givenName: 'José' })).toEqual([])
    expect(ids({})).toEqual([])
  })
  it('puts who shares more first, leaves the customer itself out, and names at most five', () => {
    index.upsert([
      customer({ givenName: 'Ana', familyName: 'Ruiz' }, 'name'),
      customer({ givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '555-010-4477' }, 'both'),
      customer({ givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '555-010-4477' }, 'me'),
    ])
    expect(ids({ givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '5550104477' }, 'me')).toEqual([
      'both',
      'name',
    ])
    index.upsert(Array.from({ length: 9 }, () => customer({ emailAddress: 'shop@example.com' })))
    expect(ids({ emailAddress: 'shop@example.com' })).toHaveLength(5)
  })
})

describe('an index that was filled with what another one held', () => {
  const people = ['Zoë Quist', 'Ana Ruiz', 'ana ruiz', 'Bruno', 'Łukasz Żółć', '山田 太郎'].map((name) =>
    person(name),
  )

  it('answers as that one does, prepared or not, and follows changes', () => {
    index.upsert(people)
    const filled = createSearchIndex('en')
    const byId = new Map(people.map((one) => [one.localId, one]))
    filled.fill(index.inOrder().map((localId) => byId.get(localId)!))
    expect(filled.prepare(2)).toBe(true)
    for (const change of [
      (of: SearchIndex) => of.remove([people[1]!.localId]),
      (of: SearchIndex) => of.upsert([{ ...people[0]!, fields: { ...NOTHING_SEARCHED, givenName: 'Abel' } }]),
      (of: SearchIndex) => of.upsert([{ ...people[2]!, status: 'needs-you' }]),
    ]) {
      change(index)
      change(filled)
      for (const text of ['', 'ana', 'zo', 'abel', '山', 'lukasz zolc'])
        expect(filled.query(text, 0, 10), text).toEqual(index.query(text, 0, 10))
      expect(filled.alike({ givenName: 'Ana', familyName: 'Ruiz' }, null)).toEqual(
        index.alike({ givenName: 'Ana', familyName: 'Ruiz' }, null),
      )
    }
    expect(filled.prepare(1_000)).toBe(false)
  })
})
