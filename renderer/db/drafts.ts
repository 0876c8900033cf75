import type { FormDraft } from '../book.ts'
import type { Directory } from './database.ts'
import { isStoredDraft } from './parse.ts'
import { plain } from './plain.ts'

/** Keeps what is being typed; a later draft of the same form replaces it. */
export async function keepDraft(db: Directory, draft: FormDraft): Promise<void> {
  await db.drafts.put({ opId: draft.form.opId, draft: plain(draft) })
}

/** Forgets it: it was saved or given up. */
export async function discardDraft(db: Directory, opId: string): Promise<void> {
  await db.drafts.delete(opId)
}

/** Everything that was being typed, the newest first. What cannot be read stays where it is (S15). */
export async function readDrafts(db: Directory): Promise<readonly FormDraft[]> {
  const stored: unknown[] = await db.drafts.toArray()
  const drafts = stored.filter(isStoredDraft).map(({ draft }) => draft)
  return drafts.toSorted((a, b) => (a.keptAt < b.keptAt ? 1 : -1))
}
