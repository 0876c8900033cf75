// The few shapes of Chromium's DevTools protocol that the stand-in reads.
export interface RequestPaused {
  readonly requestId: string
  readonly frameId: string
  readonly resourceType: string
  /** Set where this request follows a redirect of an earlier one. */
  readonly redirectedRequestId?: string
  readonly responseStatusCode?: number
  readonly responseStatusText?: string
  readonly responseHeaders?: readonly HeaderEntry[]
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly hasPostData?: boolean
    readonly postDataEntries?: readonly { readonly bytes?: string }[]
  }
}
export interface HeaderEntry {
  readonly name: string
  readonly value: string
}
export interface FrameInfo {
  readonly id: string
  readonly parentId?: string
  readonly url: string
  readonly urlFragment?: string
}
export interface TargetInfo {
  readonly targetId: string
  readonly type: string
  readonly url: string
  readonly title: string
  readonly openerId?: string
}
export interface AttachedToTarget {
  readonly sessionId: string
  readonly targetInfo: TargetInfo
  readonly waitingForDebugger: boolean
}
export interface ContextCreated {
  readonly context: {
    readonly id: number
    readonly name: string
    readonly auxData?: { readonly frameId?: string; readonly isDefault?: boolean }
  }
}
export interface EvaluateResult {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: {
    readonly text: string
    readonly exception?: {
      readonly description?: string
      readonly className?: string
      readonly value?: unknown
    }
  }
}
