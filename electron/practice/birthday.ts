/** `YYYY-MM-DD` or `MM-DD` in, `YYYY-MM-DD` out; a day without year may be 29 February. Null: not a day. */
export function readBirthday(text: string): string | null {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const [, year = '0000', month = '', day = ''] = match
  const days = [31, isLeap(Number(year)) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1]
  if (days === undefined || Number(day) < 1 || Number(day) > days) return null
  return `${year}-${month}-${day}`
}

/** As before Square-Version 2022-10-19: a day, or an RFC 3339 time of which the day counts. */
export function readOldBirthday(text: string): string | null {
  return readBirthday(/^\d{4}-\d{2}-\d{2}(?=T\d{2}:\d{2})/.exec(text)?.[0] ?? text)
}

/** How those versions write a day. */
export function oldBirthday(day: string): string {
  return `${day}T00:00:00Z`
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
