import type { InjectionKey } from 'vue'
import { inject } from 'vue'
import type { Bridge } from '#shared/ipc/bridge.ts'
import type { SessionState } from '#shared/session.ts'
import type { CustomerBook } from './book.ts'

export type ConnectedSession = Extract<SessionState, { kind: 'connected' }>

/** Everything the stores reach the world through; given once by `main.ts`, or by a test. */
export interface AppServices {
  readonly bridge: Bridge
  /** The book of that session's store; it is opened and closed by the book store. */
  readonly bookFor: (session: ConnectedSession) => CustomerBook
  readonly newId: () => string
  /** Something threw that must not: written to the technical log by its name and place. */
  readonly onFault: (where: string, error: unknown) => void
  /** The PC's clock as ISO 8601: a label only. */
  readonly wallIso: () => string
  /** How the browser keeps the directory of this PC. */
  readonly keptDirectory: () => Promise<KeptDirectory>
}
export interface KeptDirectory {
  /** It has promised not to drop it where the disk runs full. */
  readonly kept: boolean
  /** Its size, as the browser says; null where it does not. */
  readonly bytes: number | null
}

export const APP_SERVICES: InjectionKey<AppServices> = Symbol('app services')

/** The services of this app; throws where nothing has provided them. */
export function useServices(): AppServices {
  const services = inject(APP_SERVICES)
  if (!services) throw new Error('no services provided')
  return services
}
