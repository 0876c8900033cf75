import type { Rule } from 'eslint'

export interface Door {
  /** Of targets, as `targetOf` gives them. */
  readonly pattern: string
  /** A type alone may be imported. */
  readonly types?: boolean
  readonly message: string
}

export function targetOf(source: string, file: string): string
export const closedDoors: Rule.RuleModule
