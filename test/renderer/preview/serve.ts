import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CONTENT_SECURITY_POLICY, policyText } from '#main/platform/content-security-policy.ts'

const root = fileURLToPath(new URL('../../../out/preview', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Serves the built preview on a free loopback port under the product's own Content-Security-Policy. */
export async function servePreview(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(root, path === '/' ? 'index.html' : path)
    readFile(file).then(
      (body) => {
        response.writeHead(200, {
          'content-type': `${types[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`,
          // A name with the hash of what is in it; so the browser keeps what it compiled.
          'cache-control': path.startsWith('/assets/') ? 'max-age=3600' : 'no-store',
          'content-security-policy': policyText(CONTENT_SECURITY_POLICY),
        })
        response.end(body)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
