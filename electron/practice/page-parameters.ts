import { wrongType } from './check-fields.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'

/** A page size from 1 to `most`; `usual` where none is given. */
export function readLimit(given: unknown, usual: number, most: number): Outcome<number> {
  const limit = given ?? usual
  if (typeof limit !== 'number' || !Number.isInteger(limit)) return wrongType('limit', 'integer')
  if (limit < 1) return refuse('VALUE_TOO_LOW', '`limit` must not be less than 1.', 'limit')
  if (limit > most) return refuse('VALUE_TOO_HIGH', `\`limit\` must not be greater than ${most}.`, 'limit')
  return ok(limit)
}

/** Cursor and limit out of a query string in which only the `known` parameters may stand. */
export function readQuery(
  query: Readonly<Record<string, string>>,
  known: readonly string[],
  usual: number,
  most: number,
): Outcome<{ cursor: string | null; limit: number }> {
  const stranger = Object.keys(query).find((name) => !known.includes(name))
  if (stranger !== undefined)
    return refuse('UNKNOWN_QUERY_PARAMETER', `Unknown query parameter ${stranger}.`, stranger)
  const given = query['limit'] === undefined ? undefined : Number(query['limit'] || 'x')
  return andThen(readLimit(given, usual, most), (limit) => ok({ cursor: query['cursor'] || null, limit }))
}
