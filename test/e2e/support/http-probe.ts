import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Somebody outside who should never be called. */
export interface HttpProbe {
  readonly url: string
  readonly requests: () => readonly string[]
  forget(): void
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1 and notes who calls. */
export async function startHttpProbe(): Promise<HttpProbe> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.setHeader('access-control-allow-origin', '*').end('here')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => seen,
    forget: () => void (seen.length = 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
