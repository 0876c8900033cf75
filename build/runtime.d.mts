import type { BrowserAnswer } from './browser.mjs'

export type Runtime =
  | { readonly kind: 'electron'; readonly path: string; readonly why: string }
  | {
      readonly kind: 'stand-in'
      readonly browser: string
      readonly why: string
      /** Set where nobody will see a window. */
      readonly headlessBecause?: string
    }
  | { readonly kind: 'none'; readonly message: string }

export interface RuntimeQuestion {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly electron: {
    readonly installed: () => string | undefined
    /** Bytes to download, undefined where it cannot be reached. */
    readonly reach: () => Promise<number | undefined>
    readonly fetch: (
      size: number,
    ) => Promise<{ kind: 'fetched'; path: string } | { kind: 'failed'; why: string }>
  }
  readonly browser: () => Promise<BrowserAnswer>
}

export function chooseRuntime(question: RuntimeQuestion): Promise<Runtime>
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean
