import type { FastifyInstance } from 'fastify'
import type { Clock } from './clock.ts'
import type { OAuth } from './oauth.ts'
import type { OpenConsent } from './oauth-consent.ts'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}

/** The page on which a seller allows or denies, at GET /oauth2/authorize; its form goes to the same path. */
export function mountOAuthPage(app: FastifyInstance, oauth: OAuth, clock: Clock): void {
  app.get('/oauth2/authorize', (request, reply) => {
    const asked = oauth.ask(Object.fromEntries(new URL(request.url, 'http://127.0.0.1').searchParams))
    if (asked.kind === 'ok') return reply.headers(HEADERS).send(consentPage(asked.value, oauth.merchantIds()))
    return reply
      .code(asked.status)
      .headers(HEADERS)
      .send(page(asked.errors[0]?.detail ?? '', ''))
  })
  app.post('/oauth2/authorize', (request, reply) => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
    const answered = oauth.answer(
      {
        ticket: form.get('ticket') ?? '',
        merchantId: form.get('merchant_id') ?? '',
        allowed: form.get('decision') === 'allow',
      },
      clock.now(),
    )
    if (answered.kind === 'ok') return reply.redirect(answered.value, 302)
    return reply
      .code(answered.status)
      .headers(HEADERS)
      .send(page(answered.errors[0]?.detail ?? '', ''))
  })
}

function consentPage({ ticket, clientId, scopes }: OpenConsent, merchantIds: readonly string[]): string {
  const options = merchantIds.map((id) => `<option>${escaped(id)}</option>`).join('')
  const rights = scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('')
  return page(
    `${clientId} asks for access`,
    `<ul>${rights}</ul>
<form method="post" action="/oauth2/authorize">
<input type="hidden" name="ticket" value="${escaped(ticket)}">
<p><label>As merchant <select name="merchant_id">${options}</select></label></p>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
</form>`,
  )
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Practice Square</title>
<style>body{font:16px system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><h1>${escaped(title)}</h1>
${content}
</body></html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
