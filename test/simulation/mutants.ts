/** A small change of product code that breaks a rule. One that survives says that the simulation does not see the rule. */
export interface Mutant {
  readonly name: string
  readonly rule: string
  /** Text replaced in a file; must be there exactly once, so that a stale mutant is an error, not a pass. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
  /** Killed only by a named history: fuzzing does not get there in a sensible number of seeds. */
  readonly history?: string
  /** Nothing but the reference model misses what this one loses: with the reference silent it lives. */
  readonly onlyReference?: true
}

const one = (file: string, find: string, replace: string) => [{ file, find, replace }]
const OUTBOX = 'electron/main/outbox/outbox.ts'
const BEGINNING = 'electron/main/outbox/new-beginning.ts'
const LOG_WRITER = 'electron/main/outbox/log-writer.ts'
const CHECK = 'electron/main/outbox/check-drafts.ts'
const RECEIVE = 'electron/main/outbox/receive-unsent.ts'
const PUSH = 'electron/main/sync/push-operation.ts'
const REVIEW = 'electron/main/sync/review-question.ts'
const CREATE = 'electron/main/sync/push-create.ts'
const CARD_CHANGES = 'shared/sync/card-changes.ts'
const DECIDE = 'shared/sync/decide.ts'
const FOLD = 'shared/outbox/fold-log.ts'
const IDENTITY = 'shared/outbox/identity.ts'
const QUEUE = 'shared/outbox/queue.ts'
const ANSWER = 'shared/sync/answer.ts'
const PROJECT = 'shared/directory/project-record.ts'
const BULK = 'shared/sync/bulk.ts'
const CROWD = 'electron/main/sync/crowd.ts'
const SNAPSHOT = 'shared/outbox/snapshot.ts'
const PATCH = 'shared/customer/patch.ts'
const ADOPTION = 'shared/merge/adoption.ts'

/** The same mutant where the reference model says nothing. */
export function withoutReference(mutant: Mutant): Mutant {
  const silent = one('test/simulation/reference.ts', 'bad(`reference: ${what}`)', 'void [bad, what]')
  return { ...mutant, edits: [...mutant.edits, ...silent] }
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'saved-before-fsync',
    rule: 'S1',
    edits: one(
      LOG_WRITER,
      'const written = new Promise<WriteOutcome>((settle) => this.#pending.push({ records, settle }))\n    this.flush()\n    return written\n  }\n\n  /** Nothing',
      "this.#pending.push({ records, settle: () => {} })\n    this.flush()\n    return Promise.resolve({ kind: 'written' })\n  }\n\n  /** Nothing",
    ),
  },
  {
    name: 'fresh-key-per-attempt',
    rule: 'S4',
    edits: one(CREATE, 'await writer.create(opId, body)', 'await writer.create(`${opId}#${attempt}`, body)'),
  },
  {
    name: 'body-not-frozen',
    rule: 'S4',
    edits: [
      {
        file: CREATE,
        find: 'entry.attempts.get(1)?.body ?? createBody(entry.op)',
        replace:
          "createBody({ ...entry.op, patch: Object.assign({}, ...[...outbox.state().entries.values()].filter((e) => e.op.localId === entry.op.localId).map((e) => ('patch' in e.op ? e.op.patch : {}))) })",
      },
    ],
  },
  {
    name: 'version-omitted',
    rule: 'S6',
    edits: one(
      PUSH,
      'writer.update(squareId, version, body)',
      'writer.update(squareId, undefined as never, body)',
    ),
  },
  {
    name: 'rebase-in-doubt',
    rule: 'S8',
    edits: one(DECIDE, 'if (inDoubt(entry)) {', 'if (inDoubt(entry) && 0 > 1) {'),
  },
  {
    name: 'version-without-id',
    rule: 'S8',
    history: 'm ',
    edits: one(
      DECIDE,
      'a.squareId === remote.id && a.version === remote.version',
      'a.version === remote.version',
    ),
  },
  {
    name: 'always-rebase',
    rule: 'S7',
    edits: one(DECIDE, "if (verdicts.some(({ verdict }) => verdict === 'ask')) return", 'if (0 > 1) return'),
  },
  {
    name: 'gone-means-done',
    rule: 'S10',
    edits: one(
      DECIDE,
      "if (target.kind === 'missing') return ask({ kind: 'gone' })",
      "if (target.kind === 'missing') return { kind: 'gone' }",
    ),
  },
  {
    name: 'unknown-is-not-applied',
    rule: 'S14',
    edits: one(
      ANSWER,
      "case 'unknown':\n      return { answer: null, next: 'wait' }",
      "case 'unknown':\n      return { answer: { kind: 'not-sent' }, next: 'wait' }",
    ),
  },
  {
    name: 'later-answer-clears',
    rule: 'S8',
    history: 'y2 ',
    edits: one(
      FOLD,
      'for (const attempt of entry.attempts.values()) if (attempt.answer === null) return true\n  return false',
      'const last = [...entry.attempts.values()].at(-1)\n  return last !== undefined && last.answer === null',
    ),
  },
  {
    name: 'goes-on-past-a-question',
    rule: 'S5',
    edits: [
      {
        file: QUEUE,
        find: '    const lane = laneOf(state, entry.op.localId)\n    const head',
        replace:
          '    if (entry.question) continue\n    const lane = laneOf(state, entry.op.localId)\n    const head',
      },
      { file: QUEUE, find: 'if (open[0] !== entry) return false', replace: '' },
    ],
  },
  {
    name: 'lanes-by-local-id',
    rule: 'S5',
    edits: one(
      IDENTITY,
      'return target ? `square:${target}` : `local:${localOf(state, localId)}`',
      'return `local:${target ? localId : localId}`',
    ),
  },
  {
    name: 'basis-version-trusted',
    rule: 'S6',
    edits: one(PUSH, 'if (known && compareVersions(known.version, basis.version) >= 0) return known', ''),
  },
  {
    name: 'equal-is-not-done',
    rule: 'S7',
    edits: one(
      DECIDE,
      "if (verdicts.every(({ verdict }) => verdict === 'agreed')) return",
      'if (0 > 1) return',
    ),
  },
  {
    name: 'delete-unseen',
    rule: 'S7',
    edits: one(DECIDE, 'if (!sameCard(op.seen, remote, context.merge)) return', 'if (0 > 1) return'),
  },
  {
    name: 'delete-follows-merge',
    rule: 'S10',
    history: 'v3 ',
    edits: one(DECIDE, '(confirmedId !== null && remote.id !== confirmedId) ||', ''),
  },
  {
    name: 'delete-of-what-a-create-became',
    rule: 'S10',
    history: 'v2 ',
    edits: one(DECIDE, "remote.creationSource === 'MERGE'", "remote.creationSource === ''"),
  },
  {
    name: 'brought-back-again-is-the-same',
    rule: 'S8',
    history: 'd4 ',
    edits: one(DECIDE, '&& !wasSentFor(entry, remote))', '&& 0 > 1)'),
  },
  {
    name: '404-ends-a-delete',
    rule: 'S10',
    edits: one(
      PUSH,
      'const next = await recordFailure(context, opId, attempt, reply.failure)',
      "if (outbox.state().entries.get(opId)?.op.kind === 'delete' && reply.failure.kind === 'not-found') return settle(context, opId, { kind: 'gone' })\n  const next = await recordFailure(context, opId, attempt, reply.failure)",
    ),
  },
  {
    name: 'adopt-what-is-bound',
    rule: 'S9',
    history: 'u ',
    edits: [
      {
        file: DECIDE,
        find: 'return found.filter((c) => !made.has(c.id) || made.get(c.id) === op.localId)',
        replace: 'return found.filter(() => made.size >= 0)',
      },
      { file: CREATE, find: 'if (outbox.state().made.has(remote.id)) return WAIT', replace: '' },
    ],
  },
  {
    name: 'one-gone-hides-the-others',
    rule: 'S9',
    history: 'a8 ',
    edits: one(CREATE, 'const others = found.value.filter(', 'const others = [].filter('),
  },
  {
    name: 'changed-is-as-made',
    rule: 'S9',
    history: 'u3 ',
    edits: one(DECIDE, 'only?.version !== AS_MADE', "only?.version !== AS_MADE && AS_MADE !== '0'"),
  },
  {
    name: 'changed-is-anothers',
    rule: 'S9',
    history: 'u4 ',
    edits: one(DECIDE, '      !isAsMade(c) ||\n', ''),
  },
  {
    name: 'chosen-is-made',
    rule: 'S9',
    history: 'u2 ',
    edits: one(FOLD, 'if (!taken) state.made', 'if (!taken || answer.remote) state.made'),
  },
  {
    name: 'squash-what-was-sent',
    rule: 'S4',
    edits: [
      { file: CHECK, find: "if (maybeAtSquare(entry)) return 'already-sent'", replace: 'void maybeAtSquare' },
      {
        file: QUEUE,
        find: 'if (maybeAtSquare(entry) || entry.question) break',
        replace: 'void maybeAtSquare\n    if (entry.question) break',
      },
    ],
  },
  {
    name: 'withdraws-what-is-on-its-way',
    rule: 'S4',
    edits: one(FOLD, "if (answer !== 'not-sent' &&", "if (answer !== null && answer !== 'not-sent' &&"),
  },
  {
    name: 'no-check-before-sent',
    rule: 'S4',
    edits: [
      {
        file: PUSH,
        find: 'if (!entry || !maySend(outbox.state(), entry, context.inFlight)) return SETTLED',
        replace: 'void maySend\n  if (!entry) return SETTLED',
      },
      {
        file: CREATE,
        find: 'if (!maySend(outbox.state(), entry, context.inFlight)) return SETTLED',
        replace: 'void maySend',
      },
    ],
  },
  {
    name: 'answer-unchecked',
    rule: 'S12',
    edits: one(
      CHECK,
      "if (asked?.question?.id !== check.questionId) return 'question-moved'",
      "if (!asked) return 'question-moved'\n  if (check) return null",
    ),
  },
  {
    name: 'withdraw-from-the-middle',
    rule: 'S4',
    history: 'w ',
    edits: one(CHECK, "return same ? null : 'not-the-tail'", 'return same ? null : null'),
  },
  {
    name: 'orphans-accepted',
    rule: 'S3',
    history: 'x ',
    edits: one(CHECK, "return waits ? null : 'customer-gone'", 'return waits ? null : null'),
  },
  {
    name: 'refused-is-dropped',
    rule: 'S14',
    edits: one(
      PUSH,
      "if (meaning.answer.kind === 'refused') {",
      "if (meaning.answer.kind === 'refused') records.push({ kind: 'withdrawn', opIds: [opId], why: 'refused' as never })\n  if (0 > 1 && meaning.answer.kind === 'refused') {",
    ),
  },
  {
    name: 'stale-row-applied',
    rule: 'S11',
    edits: one(
      PROJECT,
      'if (known && known.id === remote.id && compareVersions(remote.version, known.version) <= 0) return',
      'void known',
    ),
  },
  {
    name: 'own-create-listed',
    rule: 'S9',
    history: 'l ',
    edits: one(PROJECT, 'if (listed && couldBeOurs(state, remote)) return', 'void listed'),
  },
  {
    name: 'only-a-create-ends-as-nobody',
    rule: 'S2',
    history: 'k2 ',
    edits: one(PROJECT, 'viewOf(row, state).openOps === 0', "op.kind === 'create'"),
  },
  {
    name: 'lost-tail-unnoticed',
    rule: 'S20',
    edits: one(
      OUTBOX,
      'if (this.#lacks(mirror) && !again) return { generation, reset: false, records: [], through, lostTail: true }',
      '',
    ),
  },
  {
    name: 'questions-stand-still',
    rule: 'S12',
    history: 'n3 ',
    edits: one(
      'shared/sync/overtaken.ts',
      'return now?.id !== remote.id || compareVersions(now.version, remote.version) > 0',
      'return false',
    ),
  },
  {
    name: 'lifted-and-compared-with-its-question',
    rule: 'S12',
    history: 'n10 ',
    edits: one(PUSH, 'entry.known ?? known?.fields ?? null', 'known?.fields ?? null'),
  },
  {
    name: 'lifted-whatever-is-there',
    rule: 'S12',
    history: 'n7 ',
    edits: one(
      REVIEW,
      'const found = await retrieve(context, target)',
      "const { squareId: id, ...content } = asked.op.basis!; const found = { kind: 'present' as const, remote: { id, ...content, createdAt: '', updatedAt: '' } }",
    ),
  },
  {
    name: 'lost-record-unnoticed',
    rule: 'S20',
    edits: one(OUTBOX, 'Math.max(lastMissing(header, records), lostThrough)', 'lostThrough'),
  },
  {
    name: 'half-taken-for-whole',
    rule: 'S20',
    history: 'k5 ',
    edits: one(OUTBOX, 'isWhole && this.#missing <= lastSeq && lastSeq', 'isWhole && lastSeq'),
  },
  {
    name: 'given-back-without-what-came-since',
    rule: 'S20',
    history: 'k5 ',
    edits: one(
      'electron/main/outbox/whole-log.ts',
      'if (record.seq > mirror.lastSeq)',
      'if (record.seq < 0)',
    ),
  },
  {
    name: 'promised-to-a-log-without-its-end',
    rule: 'S20',
    history: 'k3 ',
    edits: one(OUTBOX, "if (this.#lacks(mirror)) return { kind: 'lost-tail' }", ''),
  },
  {
    name: 'copied-log-goes-on',
    rule: 'S20',
    history: 'k ',
    edits: one(
      OUTBOX,
      'if (header.machineId !== machineId && !options.isReadOnly) {',
      'if (header.machineId !== machineId && 0 > 1) {',
    ),
  },
  {
    name: 'copied-log-does-not-ask',
    rule: 'S20',
    history: 'k ',
    edits: one(BEGINNING, '...open.map(', '...open.slice(0, 0).map('),
  },
  {
    name: 'snapshot-forgets-sent',
    rule: 'S21',
    edits: one(SNAPSHOT, 'attempts: [...attempts],', 'attempts: [],'),
  },
  {
    name: 'snapshot-forgets-bindings',
    rule: 'S21',
    edits: one(SNAPSHOT, 'bindings: [...state.bindings],', 'bindings: [],'),
  },
  {
    name: 'snapshot-forgets-closed',
    rule: 'S21',
    history: 's ',
    edits: one(SNAPSHOT, 'closed: [...state.closed],', 'closed: [],'),
  },
  {
    name: 'compacts-ahead-of-the-mirror',
    rule: 'S21',
    edits: one(OUTBOX, 'mirror.lastSeq < through) return null', 'mirror.lastSeq < through - 10) return null'),
  },
  {
    name: 'saved-twice',
    rule: 'S4',
    history: 's ',
    edits: [
      {
        file: CHECK,
        find: 'if (state.entries.has(op.id) || state.closed.has(op.id)) return []',
        replace: '',
      },
      { file: FOLD, find: 'if (state.entries.has(op.id) || state.closed.has(op.id)) return\n', replace: '' },
    ],
  },
  {
    name: 'key-trusted-for-ever',
    rule: 'S9',
    history: 'a2 ',
    edits: one(
      CREATE,
      'now - doubtSpan(entry).first <= KEY_SAFE_MS',
      'now - doubtSpan(entry).first <= KEY_SAFE_MS * 1e6',
    ),
  },
  {
    name: 'search-believed-at-once',
    rule: 'S9',
    history: 'p ',
    edits: one(CREATE, 'if (lagOver > 0) return', 'if (lagOver > LAG_WAIT_MS * 2) return'),
  },
  {
    name: 'sent-not-durable',
    rule: 'S4',
    history: 'n ',
    edits: [
      {
        file: CREATE,
        find: 'if (!(await outbox.write([sent]))) return WAIT',
        replace: 'void outbox.write([sent])',
      },
      {
        file: PUSH,
        find: 'if (!(await outbox.write([sent]))) return WAIT',
        replace: 'void outbox.write([sent])',
      },
    ],
  },
  {
    name: 'merged-id-listed',
    rule: 'S11',
    history: 'r ',
    edits: one(PROJECT, 'if (state.aliases.has(remote.id)) return\n', ''),
  },
  {
    name: 'merge-clears-doubt',
    rule: 'S8',
    history: 'm2 ',
    edits: one(
      DECIDE,
      'if (inDoubt(entry)) {',
      'if (inDoubt(entry) && unanswered(entry).some((a) => a.squareId === remote.id)) {',
    ),
  },
  {
    name: 'taken-apart-unnoticed',
    rule: 'S23',
    history: 'm4 ',
    edits: one(FOLD, 'return takeApart(state, remote)', 'return void [takeApart, remote]'),
  },
  {
    name: 'taken-apart-takes-along',
    rule: 'S23',
    history: 'm4 ',
    edits: one(FOLD, 'if (target !== null && targetOf', 'if (target === undefined && targetOf'),
  },
  {
    name: 'followed-unnoticed',
    rule: 'S10',
    history: 'm3 ',
    edits: one(
      PUSH,
      'if (remote && remote.id !== squareId) records',
      'if (remote && remote.id === null) records',
    ),
  },
  {
    name: 'bulk-items-mixed-up',
    rule: 'S22',
    history: 'z3 ',
    edits: one(BULK, 'whole.value.get(id) ??', '[...whole.value.values()][0] ??'),
  },
  {
    name: 'missing-item-not-applied',
    rule: 'S22',
    history: 'z2 ',
    edits: one(
      BULK,
      "whole.value.get(id) ?? { kind: 'failed', failure: UNKNOWN }",
      "whole.value.get(id) ?? { kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }",
    ),
  },
  {
    name: 'missing-item-applied',
    rule: 'S22',
    history: 'z6 ',
    edits: one(
      CROWD,
      'settle({ ...itemWritten(whole, id, asked.size), squareTime: whole.squareTime })',
      "settle({ ...(whole.kind === 'ok' && !whole.value.has(id) ? ([...whole.value.values()][0] as typeof whole.value extends ReadonlyMap<string, infer I> ? I : never) : itemWritten(whole, id, asked.size)), squareTime: whole.squareTime })",
    ),
  },
  {
    name: 'broken-off-is-not-applied',
    rule: 'S22',
    history: 'z1 ',
    edits: one(
      BULK,
      "case 'rate-limited':\n      return { kind: 'failed', failure: UNKNOWN }",
      "case 'rate-limited':\n      return whole",
    ),
  },
  {
    name: 'version-omitted-in-bulk',
    rule: 'S22',
    history: 'z4 ',
    edits: one(
      CROWD,
      'write(now.updates, id, { version, body })',
      'write(now.updates, id, { version: (void version, undefined as never), body })',
    ),
  },
  {
    name: 'fresh-key-in-bulk',
    rule: 'S22',
    history: 'z3 ',
    edits: one(CROWD, 'write(now.creates, key, body)', 'write(now.creates, `${key}#${Math.random()}`, body)'),
  },
  {
    name: 'key-changes-its-way',
    rule: 'S22',
    history: 'z3 ',
    edits: one(CREATE, "(first ? first.bulk : together) ? 'bulk'", "(void first, together) ? 'bulk'"),
  },
  {
    name: 'first-load-not-waited-for',
    rule: 'S9',
    history: 'z7 ',
    edits: one(
      'electron/main/sync/sync-engine.ts',
      'const held = waitForLoad(due, now)',
      'const held = (void waitForLoad, NOBODY)',
    ),
  },
  {
    name: 'no-halving',
    rule: 'S26',
    history: 'z5 ',
    edits: one('shared/sync/pace.ts', 'perSecondNow(pace, now) / 2', 'perSecondNow(pace, now) / 1'),
  },
  {
    name: 'new-customer-without-a-note',
    rule: 'S4',
    edits: one(
      'shared/outbox/create-body.ts',
      'local === null ? []',
      "local === null || field === 'note' ? []",
    ),
  },
  {
    name: 'note-not-sent',
    rule: 'S6',
    edits: one(
      DECIDE,
      "verdicts.filter(({ verdict }) => verdict !== 'agreed').map(",
      "verdicts.filter(({ verdict, field }) => verdict !== 'agreed' && field !== 'note').map(",
    ),
  },
  {
    name: 'combined-note-without-ours',
    rule: 'S7',
    onlyReference: true,
    edits: one(
      'shared/merge/merge-note.ts',
      '...joined(theirs.slice(before.length), ours.slice(before.length))',
      '...theirs.slice(before.length)',
    ),
  },
  {
    name: 'squash-forgets',
    rule: 'S4',
    onlyReference: true,
    edits: one(
      PATCH,
      'const changes = patches\n      .map(',
      'const changes = patches\n      .slice(-1).map(',
    ),
  },
  {
    name: 'new-customer-squashed-like-another',
    rule: 'S4',
    history: 'g2 ',
    edits: one(
      PATCH,
      'return diffFields(EMPTY_FIELDS, projectFields(null, patches))',
      'return combinePatches(patches)',
    ),
  },
  {
    name: 'answer-with-one-field',
    rule: 'S12',
    onlyReference: true,
    edits: one(
      'shared/merge/resolution.ts',
      'return diffFields(shownRemote, chosen)',
      'return Object.fromEntries(Object.entries(diffFields(shownRemote, chosen)).slice(0, 1))',
    ),
  },
  {
    name: 'oldest-edit-shown',
    rule: 'S2',
    edits: one(PATCH, 'patches.reduce(applyPatch,', 'patches.reduceRight(applyPatch,'),
  },
  {
    name: 'adopts-who-is-alike',
    rule: 'S9',
    history: 'a4 ',
    onlyReference: true,
    edits: one(
      DECIDE,
      'return sameFields(localFields(op), remote.fields, merge)',
      "return canonicalEquals('givenName', op.patch.givenName?.local ?? null, remote.fields.givenName, merge)",
    ),
  },
  {
    name: 'chosen-one-takes-what-fits',
    rule: 'S12',
    history: 'x5 ',
    onlyReference: true,
    edits: one(ADOPTION, "!of || of.verdict === 'agreed' ? null", "!of || of.verdict !== 'ours' ? null"),
  },
  {
    name: 'adopts-over-a-deletion',
    rule: 'S12',
    history: 'q ',
    edits: one(CHECK, 'refuseBeforeDelete(state, draft.localId, together) ??', ''),
  },
  {
    name: 'old-window-edits-who-is-gone',
    rule: 'S3',
    history: 'x2 ',
    edits: one(
      CHECK,
      'withNewestBasis(state, followed(state, draft.op))',
      'withNewestBasis(state, (void followed, draft.op))',
    ),
  },
  {
    name: 'row-of-another-taken',
    rule: 'S2',
    history: 'x3 ',
    edits: one(
      PROJECT,
      'row.localId !== id && isAnother(state, row, squareId)',
      'void isAnother, row.localId === null',
    ),
  },
  {
    name: 'earlier-run-not-doubted',
    rule: 'S9',
    history: 'j ',
    edits: one(
      CREATE,
      'if (!keys) return whoWasMadeBefore(op, now, context)',
      'void whoWasMadeBefore\n  if (!keys) return NOBODY',
    ),
  },
  {
    name: 'came-back-unnoticed',
    rule: 'S9',
    history: 'a6 ',
    edits: one(CREATE, 'if (!op.insteadOf) return', 'if (!op.insteadOf || now > 0) return'),
  },
  {
    name: 'copied-is-never-sent',
    rule: 'S20',
    edits: one(
      CHECK,
      'if (unknown.length === 0) return copied ?',
      'if (unknown.length === 0) return copied && attempts.size > 0 ?',
    ),
  },
  {
    name: 'half-a-customer-taken-in',
    rule: 'S20',
    history: 'k6 ',
    edits: one(
      RECEIVE,
      '[...createdAnew(state, all, [...fresh.values()], newId), ',
      '[...(createdAnew && []), ',
    ),
  },
  {
    name: 'created-anew-looked-for-by-nobody',
    rule: 'S9',
    history: 'k6 ',
    edits: one(RECEIVE, 'sent: createBody(create)', 'sent: createBody({ ...create, patch })'),
  },
  {
    name: 'told-apart-forgotten',
    rule: 'S9',
    history: 't2 ',
    edits: one(FOLD, 'entry.shownApart = [', 'void ['),
  },
  {
    name: 'doubt-left-behind',
    rule: 'S9',
    history: 'a6 ',
    edits: one(
      CHECK,
      '...(insteadOf.length > 0 ? { insteadOf } : {})',
      '...(insteadOf.length > 1 ? { insteadOf } : {})',
    ),
  },
  {
    name: 'new-customer-not-looked-for',
    rule: 'S9',
    history: 'j4 ',
    edits: one(
      CREATE,
      'return askAboutMatches(opId, op, [...candidates.values()], context)',
      'return candidates.size >= 0 ? null : askAboutMatches(opId, op, [], context)',
    ),
  },
  {
    name: 'gone-but-listed-is-a-match',
    rule: 'S9',
    history: 'x4 ',
    edits: one(
      CREATE,
      "if (target.kind === 'present') candidates",
      "const kept = target.kind === 'present' ? null : found.find((c) => c.id === id)\n    if (kept) candidates.set(id, kept)\n    if (target.kind === 'present') candidates",
    ),
  },
  {
    name: 'gone-is-never-back',
    rule: 'S9',
    history: 'x5 ',
    edits: one(
      CREATE,
      "if (target.kind === 'present') candidates",
      "if (target.kind === 'present' && (!recreates || resolveSquareId(state, recreates) !== id)) candidates",
    ),
  },
  {
    name: 'asks-about-whom-it-deletes',
    rule: 'S9',
    history: 'x7 ',
    edits: one(
      CREATE,
      'if (isBeingDeleted(state, resolveSquareId(state, id))) return WAIT',
      'void [isBeingDeleted, state]',
    ),
  },
  {
    name: 'recovered-not-looked-for',
    rule: 'S9',
    history: 'a5 ',
    edits: one(
      'shared/sync/creation-sources.ts',
      "'THIRD_PARTY', 'MERGE', 'DELETION_RECOVERY', 'UNMERGE_RECOVERY'",
      "'THIRD_PARTY', 'MERGE'",
    ),
  },
  {
    name: 'basis-left-as-it-was',
    rule: 'S6',
    history: 'j3 ',
    edits: one(
      CHECK,
      'withNewestBasis(state, followed(state, draft.op))',
      '(void withNewestBasis, followed(state, draft.op))',
    ),
  },
  {
    name: 'brought-back-is-the-same',
    rule: 'S7',
    history: 'd5 ',
    edits: one(
      CARD_CHANGES,
      'creationSource === null ? isRecovered(remote.creationSource) : ',
      '(void isRecovered, creationSource !== null) && ',
    ),
  },
]
