// Chromium cannot be taught a new standard scheme from outside. It is shown https://host.scheme.invalid/x for
// scheme://host/x: a secure context with an origin that stays the same over restarts, answered through Fetch.
const MAPPED = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9-]*)\.invalid(\/.*)?$/i
const OWN = /^([a-z][a-z0-9-]*):\/\/([^/?#]*)(.*)$/i

/** Translates addresses between what the app says and what Chromium is shown, for the schemes the app has registered. */
export class SchemeMap {
  readonly #schemes = new Set<string>()

  add(scheme: string): void {
    this.#schemes.add(scheme)
  }

  toChromium(url: string): string {
    const [, scheme = '', host = '', rest = ''] = OWN.exec(url) ?? []
    if (!this.#schemes.has(scheme)) return url
    return `https://${host || 'host'}.${scheme}.invalid${rest.startsWith('/') ? rest : `/${rest}`}`
  }

  fromChromium(url: string): string {
    const [, host = '', scheme = '', rest = '/'] = MAPPED.exec(url) ?? []
    return this.#schemes.has(scheme) ? `${scheme}://${host}${rest}` : url
  }
}
