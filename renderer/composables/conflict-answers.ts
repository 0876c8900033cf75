import {
  ADDRESS_PARTS,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
} from '#shared/customer/customer.ts'
import type { FieldVerdict } from '#shared/merge/three-way-merge.ts'
import type { Question } from '#shared/outbox/record.ts'
import type { AnsweredField } from '../book.ts'

export type FieldAnswer = Omit<AnsweredField, 'field'>
export type Answers = ReadonlyMap<CustomerField, FieldAnswer>
export type ConflictQuestion = Extract<Question, { kind: 'conflict' }>

/**
 * Which fields a person decides. After a plain overlap only those that both changed; where the answer got lost, the
 * customer keeps changing or staff asked to see everything, each field in which Square still differs.
 */
export function askedFields(
  verdicts: readonly FieldVerdict[],
  why: ConflictQuestion['why'],
): readonly FieldVerdict[] {
  return verdicts.filter(({ verdict }) => verdict === 'ask' || (why !== 'overlap' && verdict !== 'agreed'))
}

/** One text for (base, local, remote): equal texts mean the same question (S12). */
export function tripleOf({ base, local, remote }: FieldVerdict): string {
  return JSON.stringify([base, local, remote].map(ordered))
}
function ordered(value: FieldValue<CustomerField>): unknown {
  if (value === null || typeof value === 'string') return value
  return ADDRESS_PARTS.map((part) => value[part] ?? null)
}

/**
 * Answers that still answer the question after Square moved; `moved` names the fields that are asked again. What somebody
 * typed themselves is no answer to them any more, but it is not lost: `typed`.
 */
export function carryAnswers(
  answers: Answers,
  asked: readonly FieldVerdict[],
): { kept: Answers; moved: readonly CustomerField[]; typed: Answers } {
  const kept = new Map<CustomerField, FieldAnswer>()
  const typed = new Map<CustomerField, FieldAnswer>()
  const moved: CustomerField[] = []
  for (const verdict of asked) {
    const answer = answers.get(verdict.field)
    if (answer === undefined) continue
    if (answer.triple === tripleOf(verdict)) kept.set(verdict.field, answer)
    else {
      moved.push(verdict.field)
      if (answer.choice === 'own') typed.set(verdict.field, answer)
    }
  }
  return { kept, moved, typed }
}

/** The customer as it will be: Square's copy, what follows by rule, and what was chosen; not answered yet = Square's. */
export function resultOf(
  remote: CustomerFields,
  verdicts: readonly FieldVerdict[],
  asked: readonly FieldVerdict[],
  answers: Answers,
): CustomerFields {
  const askedNames = new Set(asked.map(({ field }) => field))
  const settled = verdicts
    .filter(({ field }) => !askedNames.has(field))
    .map(({ field, result }) => [field, result] as const)
  const chosen = asked.flatMap(({ field }) => {
    const answer = answers.get(field)
    return answer === undefined ? [] : [[field, answer.value] as const]
  })
  return { ...remote, ...Object.fromEntries([...settled, ...chosen]) }
}
