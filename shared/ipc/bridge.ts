import type { EventChannel, EventContract, InvokeChannel, InvokeContract } from './contract.ts'

/** What the preload puts on `window.counterfoil`: one function per channel, nothing generic (security rule 20). */
export interface Bridge {
  readonly invoke: {
    readonly [C in InvokeChannel]: (
      request: InvokeContract[C]['request'],
    ) => Promise<InvokeContract[C]['response']>
  }
  /** Each returns the function that stops listening. */
  readonly on: {
    readonly [C in EventChannel]: (listener: (event: EventContract[C]) => void) => () => void
  }
}
