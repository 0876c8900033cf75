import { EventEmitter } from 'node:events'
import type { Session as ElectronSession } from 'electron'
import { loudMembers } from '../loud.ts'
import type { Net } from './net.ts'
import { applyPermissions, type CheckHandler, type PageAsking, type RequestHandler } from './permissions.ts'
import type { ProtocolModule } from './protocol.ts'
import type { WebRequest } from './web-request.ts'

interface SessionParts {
  readonly protocol: ProtocolModule
  readonly net: Net
  readonly webRequest: WebRequest
  readonly storagePath: () => string
}

/** electron.session.defaultSession. */
export class Session extends EventEmitter {
  readonly protocol: ProtocolModule
  readonly webRequest: WebRequest
  readonly #net: Net
  readonly #storagePath: () => string
  readonly #pages = new Map<string, PageAsking>()
  #request: RequestHandler = null
  #check: CheckHandler = null

  constructor(options: SessionParts) {
    super()
    this.protocol = options.protocol
    this.webRequest = options.webRequest
    this.#net = options.net
    this.#storagePath = options.storagePath
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler
    void this.#apply()
  }
  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler
    void this.#apply()
  }
  /** Devices (USB, HID, serial) are never offered here, so there is nothing to decide. */
  setDevicePermissionHandler(_handler: Parameters<ElectronSession['setDevicePermissionHandler']>[0]): void {}
  setSpellCheckerEnabled(_enable: boolean): void {}
  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return this.#net.fetch(input, init)
  }
  getStoragePath(): string {
    return this.#storagePath()
  }
  isPersistent(): boolean {
    return true
  }

  /** For the stand-in only: settles what pages of this address may do, before the first of them runs. */
  static settle(session: Session, asking: PageAsking): Promise<void> {
    const { origin } = asking
    if (session.#pages.has(origin)) return Promise.resolve()
    session.#pages.set(origin, asking)
    return applyPermissions({ ...asking, request: session.#request, check: session.#check })
  }

  async #apply(): Promise<void> {
    const [request, check] = [this.#request, this.#check]
    await Promise.all(
      [...this.#pages.values()].map((asking) => applyPermissions({ ...asking, request, check })),
    )
  }
}

export function createSessionModule(options: SessionParts) {
  const defaultSession = loudMembers('session.defaultSession', new Session(options))
  return { module: loudMembers('session', { defaultSession }), defaultSession }
}
