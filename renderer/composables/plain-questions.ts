import type { CustomerField, CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { Question } from '#shared/outbox/record.ts'
import type { CustomerCard, PersonAnswer } from '../book.ts'
import type { Text } from '../i18n/text.ts'
import { nameOf } from './customer-text.ts'

/** The questions answered with one of a few buttons; a conflict and a refusal have screens of their own. */
export type PlainKind = Exclude<Question['kind'], 'conflict' | 'refused'>
export type PlainBody = Extract<Question, { kind: PlainKind }>
export interface AnswerButton {
  readonly label: string
  readonly hint?: string
  readonly tone: 'main' | 'plain' | 'danger-quiet'
  readonly answer: PersonAnswer
  /** With Alt: K keeps what Square has, B brings it (back) to Square, D deletes or discards. */
  readonly letter: 'K' | 'B' | 'D'
}
export interface PlainQuestion {
  readonly title: string
  readonly lead: string
  /** What is shown beneath: a card and its title. */
  readonly shown: {
    readonly title: string
    readonly fields: CustomerFields
    readonly marked: readonly CustomerField[]
  } | null
  readonly candidates: readonly RemoteCustomer[]
  readonly note: string | null
  readonly buttons: readonly AnswerButton[]
}

/** Title, words, consequences and answers of a question, by its kind. No button is the harmless default: all say what they do. */
export function plainQuestion(
  question: PlainBody,
  card: CustomerCard,
  t: Text['t'],
  someone: string,
): PlainQuestion {
  const name = nameOf(card.row.local) ?? someone
  const words = { name }
  const none = { shown: null, candidates: [], note: null }
  switch (question.kind) {
    case 'gone':
      return {
        ...none,
        title: t('question.gone.title', words),
        lead: t('question.gone.body', words),
        shown: yours(card, t('question.gone.yours')),
        note: reachedBy(card),
        buttons: [
          {
            label: t('question.gone.leave', words),
            tone: 'plain',
            answer: { kind: 'accept-deletion' },
            letter: 'K',
          },
          {
            label: t('question.gone.again', words),
            tone: 'plain',
            answer: { kind: 'add-again' },
            letter: 'B',
          },
        ],
      }
    case 'delete-changed':
      return {
        ...none,
        title: t('question.delete-changed.title', words),
        lead: t(
          question.why === 'changed'
            ? 'question.delete-changed.body'
            : 'question.delete-changed.keeps-changing',
          words,
        ),
        shown: inSquare(question.remote, t),
        note: t('question.delete-changed.consequence'),
        buttons: [
          {
            label: t('question.delete-changed.keep', words),
            tone: 'plain',
            answer: { kind: 'keep-square' },
            letter: 'K',
          },
          {
            label: t('question.delete-changed.delete', words),
            tone: 'danger-quiet',
            answer: { kind: 'delete-anyway' },
            letter: 'D',
          },
        ],
      }
    case 'merged-delete': {
      const both = { name, other: nameOf(question.remote.fields) ?? someone }
      return {
        ...none,
        title: t('question.merged-delete.title', both),
        lead: t('question.merged-delete.body', both),
        shown: inSquare(question.remote, t),
        note: t('question.delete-changed.consequence'),
        buttons: [
          {
            label: t('question.merged-delete.keep', both),
            tone: 'plain',
            answer: { kind: 'keep-square' },
            letter: 'K',
          },
          {
            label: t('question.merged-delete.delete', both),
            tone: 'danger-quiet',
            answer: { kind: 'delete-anyway' },
            letter: 'D',
          },
        ],
      }
    }
    case 'create-unknown':
    case 'create-duplicate': {
      const lead =
        question.kind === 'create-duplicate'
          ? 'question.create-duplicate.body'
          : question.candidates.length > 0
            ? 'question.create-unknown.body'
            : 'question.create-unknown.bodyNone'
      return {
        ...none,
        title: t(`question.${question.kind}.title`, words),
        lead: t(lead, words),
        candidates: question.candidates,
        buttons: [
          {
            label: t('question.candidate.separate', words),
            ...(question.candidates.length > 0 ? { hint: t('question.candidate.separateHint') } : {}),
            tone: 'plain',
            answer: { kind: 'create-separately' },
            letter: 'B',
          },
          {
            label: t('question.candidate.discard', words),
            tone: 'danger-quiet',
            answer: { kind: 'discard' },
            letter: 'D',
          },
        ],
      }
    }
    case 'copied':
      return {
        ...none,
        title: t('question.copied.title', words),
        lead: t('question.copied.body', words),
        shown: yours(card, t('question.gone.yours')),
        note: card.question?.hasDelete ? null : t('question.copied.againNote'),
        buttons: [
          {
            label: t('question.copied.discard', words),
            tone: 'plain',
            answer: { kind: 'discard' },
            letter: 'D',
          },
          ...(card.question?.hasDelete
            ? []
            : [
                {
                  label: t('question.copied.again'),
                  tone: 'plain',
                  answer: { kind: 'promise-again' },
                  letter: 'B',
                } as const,
              ]),
        ],
      }
    case 'orphan':
      return {
        ...none,
        title: t('question.orphan.title', words),
        lead: t('question.orphan.body', words),
        shown: yours(card, t('question.gone.yours')),
        buttons: [
          {
            label: t('question.orphan.again', words),
            tone: 'plain',
            answer: { kind: 'add-again' },
            letter: 'B',
          },
          {
            label: t('question.orphan.discard'),
            tone: 'danger-quiet',
            answer: { kind: 'discard' },
            letter: 'D',
          },
        ],
      }
    default:
      return assertNever(question)
  }
}

function inSquare(remote: RemoteCustomer, t: Text['t']) {
  return { title: t('question.square'), fields: remote.fields, marked: [] }
}
/** By what else somebody knows her again; null where there is nothing. */
function reachedBy({ row: { local } }: CustomerCard): string | null {
  return [local.phoneNumber, local.emailAddress].filter(Boolean).join(' · ') || null
}
/** Only what waits here: the rest of the card is not what the question is about. */
function yours(card: CustomerCard, title: string) {
  const patch = card.question?.patch ?? {}
  const marked = Object.keys(patch) as CustomerField[]
  if (marked.length === 0) return null
  const empty = Object.fromEntries(Object.keys(card.row.local).map((field) => [field, null]))
  const locals = Object.fromEntries(marked.map((field) => [field, patch[field]?.local ?? null]))
  return { title, fields: { ...empty, ...locals } as CustomerFields, marked }
}
