export interface BirthdayParts {
  readonly day: string
  readonly month: string
  readonly year: string
}

/** `1980-03-07` or `0000-03-07` as what the three boxes show. Half a birthday (a draft) comes back as it was typed. */
export function splitBirthday(value: string | null | undefined): BirthdayParts {
  const [year = '', month = '', day = ''] = (value ?? '').split('-')
  return { day: day.replace(/^0+(?=\d)/, ''), month, year: year === '0000' ? '' : year }
}

/** What the boxes hold as one value: empty when all are, year 0000 where it is not known, else as typed. */
export function joinBirthday({ day, month, year }: BirthdayParts): string {
  if (day === '' && month === '' && year === '') return ''
  return `${year === '' ? '0000' : year}-${month}-${day === '' ? '' : day.padStart(2, '0')}`
}
