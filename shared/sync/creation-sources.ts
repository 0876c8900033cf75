/**
 * Sources of customers that may have been made by an app: those it made, and what a merge or a recovery made of such a
 * one. Whoever of them is of the right age may be a create in doubt (S9).
 */
export const CREATED_BY_APPS = ['THIRD_PARTY', 'MERGE', 'DELETION_RECOVERY', 'UNMERGE_RECOVERY'] as const

/** Is this creation source one of those? */
export function isCreatedByApps(source: string): boolean {
  return (CREATED_BY_APPS as readonly string[]).includes(source)
}

/** Did somebody bring this customer back after it was deleted or merged away? */
export function isRecovered(source: string): boolean {
  return source === 'DELETION_RECOVERY' || source === 'UNMERGE_RECOVERY'
}
