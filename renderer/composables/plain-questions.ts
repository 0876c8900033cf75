import {
  EMPTY_FIELDS,
  type CustomerField,
  type CustomerFields,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { Question } from '#shared/outbox/record.ts'
import { cardChanges, isSameCard } from '#shared/sync/card-changes.ts'
import { isRecovered } from '#shared/sync/creation-sources.ts'
import type { CardQuestion, PersonAnswer } from '../book.ts'
import type { Text } from '../i18n/text.ts'
import { NAME_IN_SENTENCE, NAME_ON_BUTTON, nameOf, shortened } from './customer-text.ts'
import { besideTheFields, type SeenComparison } from './seen-comparison.ts'

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
  /** Or what is different from a card that was confirmed. */
  readonly compared: SeenComparison | null
  readonly candidates: readonly RemoteCustomer[]
  readonly note: string | null
  readonly buttons: readonly AnswerButton[]
}

/** What is asked, of whom, and in which words. */
export interface PlainAsked {
  readonly question: PlainBody
  readonly asks: CardQuestion
  /** The customer as on this PC. */
  readonly local: CustomerFields
  readonly t: Text['t']
  /** The seller's country, for phone numbers without a prefix. */
  readonly country: string
}

/**
 * Title, words, consequences and answers of a question, by its kind. No button is the harmless default: all say what they do.
 * The title has the whole name: on the buttons a very long one would push the other answers out of a small window.
 */
export function plainQuestion(asked: PlainAsked): PlainQuestion {
  const { question, asks, local, t } = asked
  const name = called(local, t)
  const whole = { name: shortened(name, NAME_IN_SENTENCE) }
  const words = { name: shortened(name, NAME_ON_BUTTON) }
  const none = { shown: null, compared: null, candidates: [], note: null }
  switch (question.kind) {
    case 'gone':
      return {
        ...none,
        title: t('question.gone.title', whole),
        lead: t('question.gone.body', words),
        shown: yours(asks, t('question.gone.yours')),
        note: reachedBy(asks, local, t),
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
    case 'merged-delete':
      return { ...none, ...deletion({ ...asked, question }) }
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
        title: t(`question.${question.kind}.title`, whole),
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
        title: t('question.copied.title', whole),
        lead: t('question.copied.body', words),
        shown: yours(asks, t('question.gone.yours')),
        note: asks.hasDelete ? t('question.copied.deletion', words) : t('question.copied.againNote'),
        buttons: [
          {
            label: t('question.copied.discard', words),
            tone: 'plain',
            answer: { kind: 'discard' },
            letter: 'D',
          },
          ...(asks.hasDelete
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
        title: t('question.orphan.title', whole),
        lead: t('question.orphan.body', words),
        shown: yours(asks, t('question.gone.yours')),
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

function called(fields: CustomerFields, t: Text['t']): string {
  return nameOf(fields) ?? t('notice.someone')
}

type DeletionAsked = PlainAsked & {
  readonly question: Extract<PlainBody, { kind: 'delete-changed' | 'merged-delete' }>
}

/** "You deleted X": whom staff confirmed. The buttons name whom Square has now: that one is kept or deleted. */
function deletion({ question, asks, local, t, country }: DeletionAsked) {
  const { kind, remote } = question
  const seen = asks.seen ?? { fields: local }
  const changes = cardChanges(seen, remote, { country })
  const was = called(seen.fields, t)
  const now = called(remote.fields, t)
  const words = { was: shortened(was, NAME_ON_BUTTON), name: shortened(now, NAME_ON_BUTTON) }
  const whole = { was: shortened(was, NAME_IN_SENTENCE), name: shortened(now, NAME_IN_SENTENCE) }
  const isLost = isSameCard(changes) && isRecovered(remote.creationSource)
  const says = deletionWords(question, isLost, was === now)
  return {
    title: t(says.title, whole),
    lead: `${t(says.lead, words)} ${t('question.delete-changed.consequence')}`,
    compared: {
      before: seen.fields,
      now: remote,
      fields: changes.fields,
      beside: besideTheFields(changes, remote, kind, t),
    },
    buttons: [
      {
        label: t('question.delete-changed.keep', words),
        tone: 'plain',
        answer: { kind: 'keep-square' },
        letter: 'K',
      },
      {
        label: t(`question.${kind}.delete`, words),
        tone: 'danger-quiet',
        answer: { kind: 'delete-anyway' },
        letter: 'D',
      },
    ],
  } as const
}

/** Two profiles of one person have one name; and one that was brought back may have been deleted and brought back again. */
function deletionWords(question: DeletionAsked['question'], isLost: boolean, isNamesake: boolean) {
  if (question.kind === 'merged-delete')
    return {
      title: 'question.merged-delete.title',
      lead: isNamesake ? 'question.merged-delete.namesake' : 'question.merged-delete.body',
    } as const
  if (question.why === 'keeps-changing')
    return {
      title: 'question.delete-changed.title',
      lead: 'question.delete-changed.keeps-changing',
    } as const
  return isLost
    ? ({ title: 'question.delete-changed.titleLost', lead: 'question.delete-changed.lost' } as const)
    : ({ title: 'question.delete-changed.title', lead: 'question.delete-changed.body' } as const)
}

/** By what else somebody knows her again than what stands above; null where there is nothing. */
function reachedBy({ patch }: CardQuestion, local: CustomerFields, t: Text['t']): string | null {
  const others = (['phoneNumber', 'emailAddress'] as const).filter((field) => !(field in patch))
  const said = others.flatMap((field) => (local[field] ? [`${t(`field.${field}`)}: ${local[field]}`] : []))
  return said.length > 0 ? said.join(' · ') : null
}
/** Only what waits here: the rest of the card is not what the question is about. */
function yours({ patch }: CardQuestion, title: string) {
  const marked = Object.keys(patch) as CustomerField[]
  if (marked.length === 0) return null
  const locals = Object.fromEntries(marked.map((field) => [field, patch[field]?.local ?? null]))
  return { title, fields: { ...EMPTY_FIELDS, ...locals }, marked }
}
