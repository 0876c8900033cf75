import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A port on 127.0.0.1 that can be closed and opened again as if a cable were pulled. */
export interface Listener {
  readonly port: number
  readonly isUp: () => boolean
  /** Down: nobody listens and every open connection breaks. Up: the same port again. */
  set(up: boolean): Promise<void>
}
export type ListenResult =
  | { readonly kind: 'listening'; readonly listener: Listener }
  | {
      readonly kind: 'failed'
      readonly reason: 'port-taken' | 'not-allowed' | 'other'
      readonly detail: string
    }

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function listen(handler: RequestListener, wanted: number): Promise<ListenResult> {
  const server = createServer(handler)
  const open = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  try {
    await open(wanted)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'port-taken' : code === 'EACCES' ? 'not-allowed' : 'other'
    return { kind: 'failed', reason, detail: message }
  }
  const { port } = server.address() as AddressInfo
  let last = Promise.resolve()

  async function change(up: boolean): Promise<void> {
    if (up === server.listening) return
    if (up) return open(port)
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
    await sleep(0) // Sockets report their end a turn later; after this nobody hears an old answer.
  }

  return {
    kind: 'listening',
    listener: {
      port,
      isUp: () => server.listening,
      set(up) {
        // One after the other: opening while closing is an error of the platform.
        last = last.then(() => change(up))
        return last
      },
    },
  }
}
