import type { PracticeModel } from './model.ts'
import { SEED_PEOPLE } from './seed-people.ts'
import { seededRandom } from './seeded-random.ts'
import type { WireFields } from './wire.ts'

const HOUR = 3_600_000

/** Fills an empty store with the sixty customers, made one by one during the weeks before `now`. */
export function seedPractice(model: PracticeModel, now: number): void {
  const first = now - SEED_PEOPLE.length * 11 * HOUR
  for (const [at, { fields, source }] of SEED_PEOPLE.entries()) {
    model.seed(fields, source, { now: first + at * 11 * HOUR })
  }
}

/** Adds `count` customers that depend on nothing but `seed`, for measurements. */
export function seedMany(model: PracticeModel, count: number, seed: number, now: number): void {
  const random = seededRandom(seed)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? ''
  for (let at = 0; at < count; at += 1) {
    const given = pick(GIVEN)
    const family = `${pick(FAMILY)}${pick(ENDINGS)}`
    const fields: WireFields = {
      given_name: given,
      family_name: family,
      phone_number: pick(FORMATS).replace(/N+/g, (digits) =>
        Array.from(digits, () => Math.floor(random() * 10)).join(''),
      ),
      ...(random() < 0.5 ? { email_address: `customer${at}@example.com` } : {}),
      ...(random() < 0.2 ? { company_name: `${family} ${pick(TRADES)}` } : {}),
      ...(random() < 0.2
        ? {
            birthday: `${pick(['0000', '1975', '1990'])}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`,
          }
        : {}),
      ...(random() < 0.15 ? { reference_id: `R-${seed}-${at}` } : {}),
      ...(random() < 0.3 ? { note: `${pick(TRADES)}, visit ${Math.floor(random() * 50)}` } : {}),
      ...(random() < 0.3
        ? {
            address: {
              address_line_1: `${1 + Math.floor(random() * 999)} ${pick(FAMILY)} St`,
              locality: pick(TOWNS),
              country: 'US',
            },
          }
        : {}),
    }
    model.seed(fields, random() < 0.5 ? 'THIRD_PARTY' : 'DIRECTORY', { now: now - (count - at) * 1000 })
  }
}

const GIVEN =
  'Ann Bo Carla Dora Émile Fatima Grace Hiro Ivan Jada Kofi Lena Miguel Nora Omar Priya Søren Tāne Uma Vera Wei Ximena Yusuf Zoë'.split(
    ' ',
  )
const FAMILY =
  'Al Berg Cast Dal Eng Fair Gold Hart Inger Jans Kels Lind Mar North Os Pet Quin Ras Stein Tor'.split(' ')
const ENDINGS = 'son sen man berg ova ez elli ström wood field'.split(' ')
const TRADES = 'Bakery Books Catering Cycles Flowers Garage Optics School Studio Tiles'.split(' ')
const TOWNS = 'Seattle Tacoma Spokane Olympia Everett Yakima'.split(' ')
const FORMATS = ['+1206NNNNNNN', '(206) NNN-NNNN', '253-NNN-NNNN', '509.NNN.NNNN', '+44 20 NNNN NNNN']
