import type { Page } from '@playwright/test'
import axe, { type AxeResults, type NodeResult, type RunOptions } from 'axe-core'

export type AxeRules = NonNullable<RunOptions['runOnly']>
export interface Violation {
  readonly rule: string
  readonly nodes: readonly NodeResult[]
}

/** What is asked of every screen: the success criteria of WCAG 2.2, levels A and AA. */
export const WCAG_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** The rules that ask about colours. Light and dark are one document: in the second of them nothing else can be new. */
export const COLOURS: AxeRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/**
 * What these rules of axe find wrong with the page as it stands. axe is read into a document once, however often it is
 * looked at: that costs more than most looks. Throws where axe itself fails.
 */
export async function violationsOf(page: Page, runOnly: AxeRules): Promise<readonly Violation[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (options): Promise<AxeResults> =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    { runOnly, resultTypes: ['violations'] } satisfies RunOptions,
  )
  return violations.map(({ id, nodes }) => ({ rule: id, nodes }))
}
