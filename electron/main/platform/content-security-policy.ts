/**
 * The inline `<style>` elements the UI kit writes, each the same text in every build: allowed by what they are, not
 * by `unsafe-inline`. A kit update that changes one shows as a blocked style in the e2e run and fails
 * `test/electron/main/platform/content-security-policy.test.ts`.
 */
export const INLINE_STYLE_HASHES = {
  scrollArea: "'sha256-6kJHBrMeYPjuL963zk84BmND3Z4cszEoZMFiRK2nkPY='",
  combobox: "'sha256-0sLsI2a+NIcumVvBF9zD/ArGqlZR2xfnxsALPmK7nj8='",
  select: "'sha256-60LHlRjW/B3CtzIoE/Lf1/NEDvko9efWMFaGVhHu/cs='",
  viewport: "'sha256-yoGyYYViZJc8Bw64PWPe6uO7PMr8i7+Vs5Cs9w37VrU='",
} as const

export type Policy = Readonly<Record<string, readonly string[]>>

/**
 * What the page may do, as data: the protocol handler sends it, tests and the renderer's own checks read it. Nothing is
 * fetched by the page at all (`connect-src 'none'`): Square is spoken to by main alone.
 */
export const CONTENT_SECURITY_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", ...Object.values(INLINE_STYLE_HASHES)],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'none'"],
  'worker-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  // `default` is renderer/trusted-types.ts, which passes only what was bundled; `vue` is the framework's own.
  'trusted-types': ['default', 'vue'],
} as const satisfies Policy

/** For `electron-vite dev` only: the dev server inlines styles and scripts and talks to the page over a socket. */
export function developmentPolicy(devOrigin: string): Policy {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'", "'unsafe-inline'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", devOrigin.replace(/^http/, 'ws')],
    'worker-src': ["'self'", 'blob:'],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
  }
}

/** The policy as the text of its header. */
export function policyText(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}

/**
 * The headers every packed file goes out with, beside its type and the policy. No opener policy: no window has an opener
 * or opens one (`hardenPages`), and a document that has such a policy is put into a process of its own once its answer
 * is there, so that each start would wait for a second one.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const
