/** Square-Versions by year, as the SDKs and the API specification were released for them. */
const RELEASES: Readonly<Record<string, string>> = {
  '2018': '07-12 09-18 12-05 12-12',
  '2019': '02-13 03-13 03-27 04-10 05-08 06-12 07-10 07-24 08-14 09-25 10-23 11-20 12-17',
  '2020': '01-22 02-26 03-25 04-22 05-28 06-25 07-22 08-12 08-26 09-23 10-28 11-18 12-16',
  '2021': '01-21 02-26 03-17 04-21 05-13 06-16 07-21 08-18 09-15 10-20 11-17 12-15',
  '2022': '01-20 02-16 03-16 04-20 05-12 06-16 07-20 08-17 08-23 09-21 10-19 11-16 12-14',
  '2023': '01-19 03-15 04-19 05-17 06-08 07-20 08-16 09-25 10-18 11-15 12-13',
  '2024': '01-18 02-22 03-20 04-17 05-15 06-04 07-17 08-21 09-19 10-17 11-20 12-18',
  '2025': '01-23 02-20 03-19 04-16 05-21 06-18 07-16 08-20 09-24 10-16',
  '2026': '01-22 05-20 07-15 08-19 09-16',
}
const KNOWN = new Set(
  Object.entries(RELEASES).flatMap(([year, days]) => days.split(' ').map((day) => `${year}-${day}`)),
)

/** The version this store was written against; requests without a version of their own are read with it. */
export const NEWEST_VERSION = '2026-09-16'

/**
 * Was there a version of that day (YYYY-MM-DD) at `now`? After the newest that is known here any day may be one, as long
 * as it is not in the future.
 */
export function isReleased(day: string, now: number): boolean {
  return KNOWN.has(day) || (day > NEWEST_VERSION && Date.parse(day) <= now)
}
