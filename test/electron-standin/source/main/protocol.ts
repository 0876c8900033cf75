import type { CustomScheme } from 'electron'
import { loudMembers } from '../loud.ts'
import type { SchemeMap } from './scheme-map.ts'

export type ProtocolHandler = (request: Request) => Response | Promise<Response>

/** electron.protocol: privileged schemes and their handlers. */
export class ProtocolModule {
  readonly #schemes: SchemeMap
  readonly #isReady: () => boolean
  readonly #handlers = new Map<string, ProtocolHandler>()

  constructor(schemes: SchemeMap, isReady: () => boolean) {
    this.#schemes = schemes
    this.#isReady = isReady
  }

  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    if (this.#isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of customSchemes) {
      // Any other scheme has an opaque origin in Electron: no IndexedDB, nothing the stand-in could map.
      if (privileges?.standard === true && privileges.secure === true) this.#schemes.add(scheme)
    }
  }

  handle(scheme: string, handler: ProtocolHandler): void {
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    if (this.#schemes.toChromium(`${scheme}://host/`).startsWith(`${scheme}:`)) {
      throw new Error(
        `stand-in: protocol.handle for ${scheme}, which is not registered as standard and secure, is not implemented`,
      )
    }
    this.#handlers.set(scheme, handler)
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  /** For the stand-in only. */
  static handlerFor(protocol: ProtocolModule, url: string): ProtocolHandler | undefined {
    return protocol.#handlers.get(url.slice(0, url.indexOf(':')))
  }
}
export const createProtocol = (schemes: SchemeMap, isReady: () => boolean) =>
  loudMembers('protocol', new ProtocolModule(schemes, isReady))
