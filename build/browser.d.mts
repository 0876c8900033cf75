/** A browser that can be started, with what its environment needs besides. */
export interface FoundBrowser {
  readonly kind: 'found'
  readonly path: string
  readonly source: 'COUNTERFOIL_BROWSER' | 'installed' | 'bundled'
  readonly env: Readonly<Record<string, string>>
}
export type BrowserAnswer = FoundBrowser | { readonly kind: 'none'; readonly message: string }

export interface UnpackQuestion {
  /** The project's folder: the bundled browser is looked for in its node_modules. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Told once, before an unpacking that takes seconds. */
  readonly onUnpack: (message: string) => void
}
export interface BrowserQuestion {
  readonly root: string
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  readonly isExecutable?: (path: string) => boolean
  readonly onUnpack?: (message: string) => void
  readonly unpack?: (question: UnpackQuestion) => Promise<BrowserAnswer>
}

export function usualBrowserPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[]
export function findBrowser(question: BrowserQuestion): Promise<BrowserAnswer>
export function mustRunWithoutSandbox(system?: {
  platform?: NodeJS.Platform
  uid?: number | undefined
  readFile?: (path: string) => string
}): boolean
