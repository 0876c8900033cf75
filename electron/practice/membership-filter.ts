import { checkKeys, wrongType, type JsonObject } from './check-fields.ts'
import type { Entry } from './entry.ts'
import { NOBODY, type Narrowing } from './narrowing.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'

/** Ids that must all, any or not be there; null: this part was not given. */
export interface Membership {
  readonly all: readonly string[] | null
  readonly any: readonly string[] | null
  readonly none: readonly string[] | null
}

/** Reads `{all?, any?, none?}`, lists of texts; a text may stand in one of them only. */
export function readAnyAllNone(part: JsonObject, field: string): Outcome<Membership> {
  const unknown = checkKeys(part, new Set(['all', 'any', 'none']), `${field}.`)
  if (unknown) return unknown
  for (const name of ['all', 'any', 'none']) {
    const list = part[name] ?? []
    if (!Array.isArray(list)) return wrongType(`${field}.${name}`, 'array')
    const stranger = list.findIndex((id) => typeof id !== 'string')
    if (stranger >= 0) return wrongType(`${field}.${name}[${stranger}]`, 'string')
  }
  const list = (name: string) => (part[name] ?? null) as string[] | null
  const lists = { all: list('all'), any: list('any'), none: list('none') }
  const given = Object.values(lists).flatMap((ids) => [...new Set(ids ?? [])])
  if (new Set(given).size < given.length)
    return refuse('BAD_REQUEST', 'A value can only be in one of `all`, `any` and `none`.', field)
  return ok(lists)
}

/** Does what somebody has satisfy all three? */
export function satisfies(membership: Membership, has: (id: string) => boolean): boolean {
  const { all, any, none } = membership
  return (all ?? []).every(has) && (any === null || any.some(has)) && !(none ?? []).some(has)
}

/** A filter by groups or segments. */
export function readMembership(
  part: JsonObject,
  field: string,
  rules: {
    readonly known: { has(id: string): boolean }
    readonly field: 'group_ids' | 'segment_ids'
    /** What an id does that does not exist: the search finds nobody, or is refused. */
    readonly unknown: 'nobody' | 'refused'
    readonly most?: number
  },
): Outcome<{ readonly test: (entry: Entry) => boolean; readonly narrowings: readonly Narrowing[] }> {
  return andThen(readAnyAllNone(part, field), (membership) => {
    const ids = Object.values(membership).flatMap((list: readonly string[] | null) => list ?? [])
    if (rules.most !== undefined && ids.length > rules.most)
      return refuse('ARRAY_LENGTH_TOO_LONG', `No more than ${rules.most} ids can be given.`, field)
    const stranger = ids.find((id) => !rules.known.has(id))
    if (stranger !== undefined && rules.unknown === 'refused')
      return refuse('BAD_REQUEST', `\`${stranger}\` is not a valid id.`, field)
    if (stranger !== undefined) return ok({ test: () => false, narrowings: [NOBODY] })
    const { all, any } = membership
    const oneOf = (texts: readonly string[]): Narrowing => ({ kind: 'keys', field: rules.field, texts })
    return ok({
      test: ({ customer }) => satisfies(membership, (id) => customer[rules.field]?.includes(id) ?? false),
      narrowings: [...(any ? [oneOf(any)] : []), ...(all ?? []).map((id) => oneOf([id]))],
    })
  })
}
