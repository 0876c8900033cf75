/** When something happened: ms since the epoch, with fractions; the same clock in every process of the machine. */
export type Moment = number

/** What the hook is to do; given as JSON in COUNTERFOIL_BENCH. */
export interface HookTask {
  /** Evaluated in the first page when its document is there: this file, then the call; its answer is reported as `page`. */
  readonly inPage?: { readonly file: string; readonly call: string }
  /** Report each script of main below this folder when it is loaded. Slows main: not while a start is measured. */
  readonly noteScriptsBelow?: string
  /** Once the page has answered: load this module and report main's memory before and after. */
  readonly thenLoad?: string
}

/** What the hook reports, one a line of stdout after `LINE_START`. */
export type HookReport =
  | { readonly kind: 'main'; readonly at: Moment }
  | {
      readonly kind: 'ready'
      readonly at: Moment
      readonly versions: Readonly<Record<string, string | undefined>>
    }
  | { readonly kind: 'document'; readonly at: Moment }
  | { readonly kind: 'page'; readonly answer: unknown }
  | { readonly kind: 'script'; readonly file: string; readonly at: Moment }
  | { readonly kind: 'memory'; readonly beforeBytes: number; readonly afterBytes: number }
  | { readonly kind: 'failed'; readonly why: string }

export const LINE_START = 'counterfoil-bench '
