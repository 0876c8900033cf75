import type { Wire } from '../codec/wire.ts'

/** From the preload's world to the main process, as one JSON text through a DevTools binding. */
export type ToMain =
  | { readonly kind: 'send'; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'preload-error'; readonly message: string; readonly stack: string }

/** From the main process to the preload's world. */
export type ToPage =
  | { readonly kind: 'send'; readonly channel: string; readonly args: Wire }
  | { readonly kind: 'reply'; readonly id: number; readonly result: Wire }
  | { readonly kind: 'failure'; readonly id: number; readonly error: string }

/** What the injected scripts are told; they find it as the constant STANDIN. */
export interface WorldConfig {
  /** The name of the DevTools binding that carries ToMain, and of the global function that takes ToPage. */
  readonly binding: string
  readonly receiver: string
  /** Names of the DOM events between the two worlds: heard by the preload's world, heard by the page's world. */
  readonly toIsolated: string
  readonly toPage: string
  /** The sandboxed preload's `process`. */
  readonly process: Readonly<Record<string, unknown>>
  readonly preloadPath: string
}
