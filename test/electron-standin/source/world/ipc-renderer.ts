import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import { Emitter } from './emitter.ts'
import type { ToMain, ToPage } from './messages.ts'

/** Electron's ipcRenderer without ports and without sendSync. */
export class IpcRenderer extends Emitter {
  readonly #post: (message: ToMain) => void
  readonly #waiting = new Map<number, (message: Exclude<ToPage, { kind: 'send' }>) => void>()
  #lastId = 0

  constructor(post: (message: ToMain) => void) {
    super()
    this.#post = post
  }

  send(channel: string, ...args: unknown[]): void {
    needChannel(channel)
    this.#post({ kind: 'send', channel, args: encode(args) })
  }

  async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    needChannel(channel)
    const id = ++this.#lastId
    const encoded = encode(args)
    const answer = await new Promise<Exclude<ToPage, { kind: 'send' }>>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#post({ kind: 'invoke', id, channel, args: encoded })
    })
    if (answer.kind === 'failure')
      throw new Error(`Error invoking remote method '${channel}': ${answer.error}`)
    return decode(answer.result)
  }

  /** A message from the main process; called by the stand-in only. */
  static receive(ipcRenderer: IpcRenderer, message: ToPage): void {
    if (message.kind === 'send') {
      const event = { sender: ipcRenderer, ports: [], preventDefault() {}, defaultPrevented: false }
      ipcRenderer.emit(message.channel, event, ...(decode(message.args) as unknown[]))
      return
    }
    ipcRenderer.#waiting.get(message.id)?.(message)
    ipcRenderer.#waiting.delete(message.id)
  }
}

function needChannel(channel: unknown): void {
  if (typeof channel === 'string') return
  throw new TypeError(`Error processing argument at index 0, conversion failure from ${String(channel)}`)
}
