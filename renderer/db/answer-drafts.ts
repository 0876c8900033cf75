import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '#shared/customer/customer.ts'
import { applyPatch, diffFields, patchOf, touchedFields } from '#shared/customer/patch.ts'
import { tidyFields } from '#shared/customer/tidy.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { adoptionPatch } from '#shared/merge/adoption.ts'
import { resolutionPatch } from '#shared/merge/resolution.ts'
import type { MergeContext } from '#shared/merge/three-way-merge.ts'
import type { Operation, StoreId } from '#shared/outbox/operation.ts'
import type { AnswerCheck, Draft, Patch, WithdrawReason } from '#shared/outbox/record.ts'
import type { CardQuestion, CustomerCard, PersonAnswer } from '../book.ts'
import { basisOf } from './forms.ts'

export interface AnswerParts {
  readonly card: CustomerCard
  readonly question: CardQuestion
  /** The operation that asks. */
  readonly asked: Operation
  readonly store: StoreId
  readonly newId: () => string
  readonly at: string
  readonly merge: MergeContext
}
export interface AnswerDrafts {
  readonly drafts: readonly Draft[]
  /** The new promise the answer makes; null where it makes none. */
  readonly opId: string | null
}

/**
 * What a person's answer writes (S12): one batch that closes all open operations of the customer, accepted only while
 * the question and the operations are those shown. Null: that answer does not fit this question.
 */
export function answerDrafts(parts: AnswerParts, answer: PersonAnswer): AnswerDrafts | null {
  const { card, question, asked } = parts
  const { row } = card
  const shownRemote = 'remote' in question.question ? question.question.remote : null
  switch (answer.kind) {
    case 'resolve': {
      if (!shownRemote) return null
      const patch = resolutionPatch(shownRemote.fields, tidyFields(answer.fields))
      if (touchedFields(patch).length === 0) return withdraw(parts, 'keep-square')
      return replaceBy(parts, updateOf(parts, patch, shownRemote))
    }
    case 'keep-square':
      return withdraw(parts, 'keep-square')
    case 'accept-deletion':
      return withdraw(parts, 'accept-deletion')
    case 'discard':
      return withdraw(parts, question.question.kind === 'copied' ? 'copied' : 'discard')
    case 'promise-again':
      return question.question.kind === 'copied' ? promiseAgain(parts) : null
    case 'delete-anyway': {
      const remote = shownRemote ?? row.remote
      if (!remote) return null
      const { fields, groupIds, creationSource } = remote
      const seen = { fields, groupIds, creationSource }
      return replaceBy(parts, {
        ...common(parts),
        kind: 'delete',
        squareId: remote.id,
        basis: basisOf(remote),
        seen,
      })
    }
    case 'add-again': {
      const gone = row.squareId
      const create = { ...common(parts), kind: 'create', patch: diffFields(EMPTY_FIELDS, row.local) } as const
      return replaceBy(parts, gone ? { ...create, recreates: gone } : create)
    }
    case 'create-separately':
      if (question.question.kind === 'create-duplicate') {
        const draft: Draft = { kind: 'create-separately', opId: asked.id, answering: checkOf(question) }
        return { drafts: [draft], opId: asked.id }
      }
      if (question.question.kind !== 'create-unknown') return null
      return createFrom(parts, row.local)
    case 'use-existing':
      return useExisting(parts, answer.candidate)
    case 'correct':
      if (asked.kind === 'create') return createFrom(parts, answer.fields)
      return correctUpdate(parts, answer.fields)
    default:
      return assertNever(answer)
  }
}

function withdraw({ question }: AnswerParts, why: WithdrawReason): AnswerDrafts {
  return {
    drafts: [{ kind: 'withdraw', opIds: question.shown, why, answering: checkOf(question) }],
    opId: null,
  }
}

function replaceBy({ question }: AnswerParts, op: Operation): AnswerDrafts {
  return {
    drafts: [{ kind: 'queue', op, replaces: question.shown, answering: checkOf(question) }],
    opId: op.id,
  }
}

function createFrom(parts: AnswerParts, fields: CustomerFields): AnswerDrafts {
  const { asked } = parts
  const create = { ...common(parts), kind: 'create', patch: diffFields(EMPTY_FIELDS, fields) } as const
  const recreates = asked.kind === 'create' ? asked.recreates : undefined
  return replaceBy(parts, recreates === undefined ? create : { ...create, recreates })
}

/**
 * What a copied log held, and what was saved here since, as one fresh promise (S20). Null where a deletion is among it:
 * that is confirmed on the card as it is now.
 */
function promiseAgain(parts: AnswerParts): AnswerDrafts | null {
  const { card, question, asked } = parts
  const { row } = card
  if (question.hasDelete) return null
  if (row.squareId === null) return createFrom(parts, row.local)
  const basis = row.remote ? basisOf(row.remote) : asked.kind === 'update' ? asked.basis : null
  return replaceBy(parts, {
    ...common(parts),
    kind: 'update',
    patch: question.patch,
    squareId: row.squareId,
    basis,
  })
}

/**
 * The create turns out to be a customer that Square has. What was typed goes on as an edit of that one: what it lacks is
 * filled in, notes are put together, and where both hold something else a person is asked which stays.
 */
function useExisting(parts: AnswerParts, candidate: RemoteCustomer): AnswerDrafts | null {
  const { card, question, asked, merge } = parts
  const offered = 'candidates' in question.question ? question.question.candidates : []
  const remote = offered.find(({ id }) => id === candidate.id)
  if (!remote) return null
  // Whoever was to be deleted is not written about in somebody else.
  const patch = question.hasDelete ? {} : adoptionPatch(card.row.local, remote.fields, merge)
  const { id: opId, localId } = asked
  const adopt: Draft = { kind: 'adopt', opId, localId, candidate: remote, answering: checkOf(question) }
  // What waited behind the create was meant for the customer as it was typed: it is in the edit.
  const replaces = question.shown.filter((id) => id !== asked.id)
  if (touchedFields(patch).length === 0) {
    const rest: Draft[] =
      replaces.length === 0 ? [] : [{ kind: 'withdraw', opIds: replaces, why: 'keep-square' }]
    return { drafts: [...rest, adopt], opId: null }
  }
  const op = updateOf(parts, patch, remote)
  return { drafts: [{ kind: 'queue', op, replaces }, adopt], opId: op.id }
}

/** Square refused a value: the corrected card against what was shown before any of the open edits. */
function correctUpdate(parts: AnswerParts, fields: CustomerFields): AnswerDrafts | null {
  const { card, question, asked } = parts
  if (asked.kind !== 'update') return null
  const bases = patchOf((field) => {
    const change = question.patch[field]
    return change ? { base: change.local, local: change.base } : null
  })
  const patch = diffFields(applyPatch(card.row.local, bases), fields)
  if (touchedFields(patch).length === 0) return withdraw(parts, 'discard')
  const op: Operation = {
    ...common(parts),
    kind: 'update',
    patch,
    squareId: asked.squareId,
    basis: asked.basis,
  }
  return replaceBy(parts, op)
}

function updateOf(parts: AnswerParts, patch: Patch, remote: RemoteCustomer): Operation {
  return { ...common(parts), kind: 'update', patch, squareId: remote.id, basis: basisOf(remote) }
}

function common({ asked, store, newId, at }: AnswerParts) {
  return { id: newId(), localId: asked.localId, store, at }
}

function checkOf({ opId, question, shown }: CardQuestion): AnswerCheck {
  return { opId, questionId: question.id, shown }
}
