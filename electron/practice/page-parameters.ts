import { wrongType } from './check-fields.ts'
import { andThen, ok, refuse, type Outcome, type Refused } from './outcome.ts'

/** A page size from 1 to `most`; `usual` where none is given. */
export function readLimit(given: unknown, usual: number, most: number): Outcome<number> {
  const limit = given ?? usual
  if (typeof limit !== 'number' || !Number.isInteger(limit)) return wrongType('limit', 'integer')
  if (limit < 1) return refuse('VALUE_TOO_LOW', '`limit` must not be less than 1.', 'limit')
  if (limit > most) return refuse('VALUE_TOO_HIGH', `\`limit\` must not be greater than ${most}.`, 'limit')
  return ok(limit)
}

type Query = Readonly<Record<string, string>>

/** Refuses the first parameter of a query string that is not in `known`. */
export function checkParameters(query: Query, known: readonly string[]): Refused | null {
  const stranger = Object.keys(query).find((name) => !known.includes(name))
  return stranger === undefined
    ? null
    : refuse('UNKNOWN_QUERY_PARAMETER', `Unknown query parameter ${stranger}.`, stranger)
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false }

/** A parameter that is `true` or `false`; false where it is not given. */
export function readFlag(query: Query, name: string): Outcome<boolean> {
  const flag = BOOLEANS[query[name] ?? 'false']
  return flag === undefined ? wrongType(name, 'boolean') : ok(flag)
}

/** Cursor and limit out of a query string in which only the `known` parameters may stand. */
export function readQuery(
  query: Query,
  known: readonly string[],
  usual: number,
  most: number,
): Outcome<{ cursor: string | null; limit: number }> {
  const stranger = checkParameters(query, known)
  if (stranger) return stranger
  const { limit: text } = query
  const given = text === undefined ? undefined : /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return andThen(readLimit(given, usual, most), (limit) => ok({ cursor: query['cursor'] || null, limit }))
}
