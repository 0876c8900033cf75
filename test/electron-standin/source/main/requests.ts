import type { CdpSession } from './cdp.ts'
import type { HeaderEntry, RequestPaused } from './devtools-types.ts'
import { ProtocolModule } from './protocol.ts'
import type { SchemeMap } from './scheme-map.ts'
import { WebRequest, type RequestDetails } from './web-request.ts'

const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  Document: 'mainFrame',
  Script: 'script',
  Stylesheet: 'stylesheet',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Media: 'media',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  WebSocket: 'webSocket',
}

export interface RequestDesk {
  readonly schemes: SchemeMap
  readonly protocol: ProtocolModule
  readonly webRequest: WebRequest
}
/** Whose request it is: the session that paused it, and the webContents it is reported for. */
export interface Requester {
  readonly session: CdpSession
  readonly webContentsId: number
  readonly mainFrameId: string
}
let lastRequestId = 0

/** Answers a request of the page: by the app's webRequest hooks, then its protocol handlers, else from the network. */
export async function answerRequest(
  desk: RequestDesk,
  requester: Requester,
  paused: RequestPaused,
): Promise<void> {
  const { session } = requester
  const { requestId } = paused
  const fail = (errorReason: string) => session.send('Fetch.failRequest', { requestId, errorReason })
  const url = desk.schemes.fromChromium(paused.request.url)
  const isOwn = url !== paused.request.url
  const details = describe(requester, paused, url)

  if (paused.responseStatusCode !== undefined) return continueResponse(desk, requester, paused, details)
  // The tab strip of a browser asks for it; Electron has none.
  if (isOwn && new URL(url).pathname === '/favicon.ico' && paused.resourceType === 'Other')
    return void fail('Failed')

  const before = await WebRequest.before(desk.webRequest, details)
  if (before.cancel) return void (await fail('BlockedByClient'))
  if (before.redirectURL !== undefined) {
    const responseHeaders = [{ name: 'location', value: desk.schemes.toChromium(before.redirectURL) }]
    return void (await session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 307,
      responseHeaders,
    }))
  }
  const handler = ProtocolModule.handlerFor(desk.protocol, url)
  if (!handler) {
    if (isOwn) return void (await fail('Failed'))
    const interceptResponse = WebRequest.wantsHeaders(desk.webRequest, url)
    return void (await session.send('Fetch.continueRequest', { requestId, interceptResponse }))
  }

  const response = await Promise.resolve(handler(toRequest(url, paused))).catch((error: unknown) => {
    console.error(error)
    return Response.error()
  })
  if (response.type === 'error') return void (await fail('Failed'))
  const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]]))
  const received = await WebRequest.received(desk.webRequest, {
    ...details,
    statusCode: response.status,
    statusLine: `HTTP/1.1 ${response.status} ${response.statusText}`,
    responseHeaders: headers,
  })
  if (received.cancel) return void (await fail('BlockedByClient'))
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  const responseHeaders = toEntries(received.responseHeaders ?? headers)
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders,
    body,
  })
}

/** An answer from the network whose headers the app wants to see or change. */
async function continueResponse(
  desk: RequestDesk,
  { session }: Requester,
  paused: RequestPaused,
  details: RequestDetails,
): Promise<void> {
  const { requestId, responseStatusCode = 200, responseStatusText = '', responseHeaders = [] } = paused
  const headers: Record<string, string[]> = {}
  for (const { name, value } of responseHeaders) headers[name] = [...(headers[name] ?? []), value]
  const received = await WebRequest.received(desk.webRequest, {
    ...details,
    statusCode: responseStatusCode,
    statusLine: `HTTP/1.1 ${responseStatusCode} ${responseStatusText}`,
    responseHeaders: headers,
  })
  if (received.cancel)
    return void (await session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }))
  await session.send('Fetch.continueResponse', {
    requestId,
    responseCode: responseStatusCode,
    responseHeaders: toEntries(received.responseHeaders ?? headers),
  })
}

function describe(
  { webContentsId, mainFrameId }: Requester,
  paused: RequestPaused,
  url: string,
): RequestDetails {
  const isSubFrame = paused.resourceType === 'Document' && paused.frameId !== mainFrameId
  return {
    id: ++lastRequestId,
    url,
    method: paused.request.method,
    resourceType: isSubFrame ? 'subFrame' : (RESOURCE_TYPES[paused.resourceType] ?? 'other'),
    webContentsId,
    referrer: paused.request.headers['Referer'] ?? '',
    timestamp: Date.now(),
  }
}

function toRequest(url: string, { request }: RequestPaused): Request {
  const pieces = request.postDataEntries ?? []
  const body = Buffer.concat(pieces.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')))
  return new Request(url, {
    method: request.method,
    headers: { ...request.headers },
    ...(body.length > 0 ? { body } : {}),
  })
}

function toEntries(headers: Readonly<Record<string, string | readonly string[]>>): HeaderEntry[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  )
}
