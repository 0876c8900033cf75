import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSdkSquareGateway, type SdkSquareGatewayOptions } from '#main/square/sdk-square-gateway.ts'
import { createPracticeModel } from '#practice/model.ts'
import { ALL_SCOPES, type PracticeModelOptions } from '#practice/options.ts'
import { startPracticeServer } from '#practice/server.ts'

export const T0 = Date.parse('2026-03-04T09:00:00.000Z')
/** Square's Date header has whole seconds. */
export const TOKEN = 'token-of-the-seller'

const closing: (() => Promise<unknown>)[] = []
/** Closes whatever a test opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close()
}

/** A gateway and the practice store behind it, over real HTTP. */
export async function square(
  options: Partial<PracticeModelOptions> & { gateway?: Partial<SdkSquareGatewayOptions> } = {},
) {
  let made = 0
  const model = createPracticeModel({
    newId: () => `C${(made += 1)}`,
    tokens: { [TOKEN]: { scopes: ALL_SCOPES, state: 'valid' } },
    ...options,
  })
  const clock = { now: T0 }
  const started = await startPracticeServer({ model, now: () => clock.now })
  if (started.kind === 'failed') throw new Error(started.detail)
  const { server } = started
  closing.push(() => server.close())
  const gateway = createSdkSquareGateway({ baseUrl: server.url, token: TOKEN, fetch, ...options.gateway })
  return { model, server, gateway, clock, at: () => ({ now: clock.now }) }
}

/** A gateway and a server that answers as the test says, whatever is asked. */
export async function strange(handler: RequestListener, options: Partial<SdkSquareGatewayOptions> = {}) {
  const seen: {
    method: string | undefined
    url: string | undefined
    headers: IncomingMessage['headers']
    body: string
  }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body })
      handler(request, response)
    })
  })
  const url = await open(server)
  const gateway = createSdkSquareGateway({ baseUrl: url, token: TOKEN, fetch, ...options })
  return { gateway, seen, url }
}

/** The same with one fixed JSON answer. */
export function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return strange((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  })
}

/** Listens on a free loopback port until `closeAll`. */
export async function open(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
