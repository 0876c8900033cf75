import type { Protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { APP_ORIGIN, APP_SCHEME } from '../config.ts'
import { CONTENT_SECURITY_POLICY, policyText, SECURITY_HEADERS } from './content-security-policy.ts'
import { originOf } from './origins.ts'
import type { PackedFiles } from './packed-files.ts'

/** Makes `app://` a scheme with an origin, storage and secure context. Only before the app is ready. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the packed files under `app://counterfoil` and nothing else. Call once, when the app is ready. */
export function serveApp(options: {
  readonly protocol: Pick<Protocol, 'handle'>
  readonly files: PackedFiles
}): void {
  options.protocol.handle(APP_SCHEME, (request) => answerFor(request, options.files))
}

/** The answer to one request of the page: a listed file with the security headers, else 403, 404 or 405. */
export async function answerFor(
  request: Pick<Request, 'method' | 'url'>,
  files: PackedFiles,
): Promise<Response> {
  if (originOf(request.url) !== APP_ORIGIN) return refusal(403)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
  const packed = files.get(new URL(request.url).pathname)
  if (!packed) return refusal(404)
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': packed.contentType,
    'content-security-policy': policyText(CONTENT_SECURITY_POLICY),
  }
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(await readFile(packed.file)), {
    headers,
  })
}

function refusal(status: 403 | 404 | 405): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS })
}
