import {
  ADDRESS_PARTS,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
} from '#shared/customer/customer.ts'
import type { FieldVerdict } from '#shared/merge/three-way-merge.ts'
import type { Question } from '#shared/outbox/record.ts'

export type Choice = 'local' | 'remote' | 'base' | 'own' | 'both'
export interface FieldAnswer {
  readonly choice: Choice
  readonly value: FieldValue<CustomerField>
  /** Base, local and remote as they were when it was chosen. */
  readonly triple: string
}
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

/** Answers that still answer the question after Square moved; `moved` names the fields that are asked again. */
export function carryAnswers(
  answers: Answers,
  asked: readonly FieldVerdict[],
): { kept: Answers; moved: readonly CustomerField[] } {
  const kept = new Map<CustomerField, FieldAnswer>()
  const moved: CustomerField[] = []
  for (const verdict of asked) {
    const answer = answers.get(verdict.field)
    if (answer === undefined) continue
    if (answer.triple === tripleOf(verdict)) kept.set(verdict.field, answer)
    else moved.push(verdict.field)
  }
  return { kept, moved }
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
