import { EventEmitter } from 'node:events'
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import { loudMembers } from '../loud.ts'
import type { ToMain, ToPage } from '../world/messages.ts'

type InvokeHandler = (event: never, ...args: never[]) => unknown
/** Where a message came from, and the way back to the document that sent it. */
export interface Sender {
  readonly event: () => object
  readonly reply: (message: ToPage) => void
}

/** electron.ipcMain. */
export class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>()

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof handler !== 'function') {
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`)
    }
    this.#handlers.set(channel, handler)
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (...args) => {
      this.removeHandler(channel)
      return handler(...args)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** For the stand-in only: a message has arrived. */
  static take(ipcMain: IpcMain, message: Exclude<ToMain, { kind: 'preload-error' }>, sender: Sender): void {
    const args = decode(message.args) as never[]
    if (message.kind === 'invoke') void ipcMain.#answer(message.id, message.channel, args, sender)
    else ipcMain.emit(message.channel, sender.event(), ...args)
  }

  async #answer(id: number, channel: string, args: readonly never[], sender: Sender): Promise<void> {
    try {
      const handler = this.#handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      const result = encode(await handler(sender.event() as never, ...args))
      sender.reply({ kind: 'reply', id, result })
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error)
      sender.reply({ kind: 'failure', id, error: String(error) })
    }
  }
}

export function createIpcMain(): IpcMain {
  const ipcMain = new IpcMain()
  // A channel may be called "error"; without a listener an EventEmitter would throw it.
  ipcMain.on('error', () => {})
  return loudMembers('ipcMain', ipcMain)
}
