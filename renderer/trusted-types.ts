interface PolicyFactory {
  createPolicy(name: string, rules: TrustedRules): unknown
}
interface TrustedRules {
  createHTML(markup: string): string
  createScriptURL(address: string): string
}

const allowedMarkup = new Set<string>()

/** Lets this exact markup pass the page's Trusted Types policy: meant for the bodies of the bundled icons alone. */
export function allowMarkup(markup: string): void {
  allowedMarkup.add(markup)
}

/**
 * What the `default` policy lets through: markup that is, character for character, a bundled icon (or nothing), and the
 * addresses of scripts that came with the page (the search worker). Anything else throws, and no text ever becomes script.
 */
export function trustedRules(page: { readonly href: string }): TrustedRules {
  return {
    createHTML(markup) {
      if (markup !== '' && !allowedMarkup.has(markup))
        throw new TypeError('markup that is not one of the bundled icons')
      return markup
    },
    createScriptURL(address) {
      const home = new URL(page.href)
      const script = new URL(address, home)
      if (script.protocol !== home.protocol || script.host !== home.host)
        throw new TypeError('a script from elsewhere')
      return address
    },
  }
}

/** Installs the policy before anything else runs; without Trusted Types (tests) it does nothing. */
export function installTrustedTypes(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  factory?.createPolicy('default', trustedRules(globalThis.location))
}
