import type { CustomerCard, PersonAnswer, SaveResult } from '../book.ts'
import { answerDrafts } from './answer-drafts.ts'
import { promise, type BookContext } from './book-context.ts'
import { consentDraft } from './forms.ts'

/** Promises what a person answered to the question on that card (both plain); refused where it is not the question any more (S12). */
export async function giveAnswer(
  context: BookContext,
  card: CustomerCard,
  given: PersonAnswer,
): Promise<SaveResult> {
  const { projector, store, newId, wallIso, compare } = context
  const { question } = card
  if (!question) return { kind: 'refused', refusal: 'question-moved' }
  const asked = await projector.read(({ state }) =>
    Promise.resolve(state.entries.get(question.opId)?.op ?? null),
  )
  if (!asked) return { kind: 'refused', refusal: 'question-moved' }
  const parts = { card, question, asked, store, newId, at: wallIso(), merge: compare }
  const drafts = answerDrafts(parts, given)
  if (!drafts) return { kind: 'refused', refusal: 'question-moved' }
  const consent = given.kind === 'correct' ? given.consent : undefined
  const facts = consent ? [consentDraft(context, card.row.localId, consent)] : []
  const result = await promise(context, [...drafts.drafts, ...facts])
  return result.kind === 'promised' ? { kind: 'saved', localId: card.row.localId, opId: drafts.opId } : result
}
