import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  CONTENT_SECURITY_POLICY,
  developmentPolicy,
  INLINE_STYLE_HASHES,
  policyText,
  SECURITY_HEADERS,
} from '#main/platform/content-security-policy.ts'

const text = policyText(CONTENT_SECURITY_POLICY)

/** The text of the `<style>` element that a part of the kit writes. */
function styleOf(part: string): string {
  const source = readFileSync(
    new URL(`../../../../node_modules/reka-ui/dist/${part}.js`, import.meta.url),
    'utf8',
  )
  return JSON.parse(/createTextVNode\(("(?:[^"\\]|\\.)*")\)/.exec(source)![1]!) as string
}
const hashOf = (style: string) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`

describe('content security policy', () => {
  it('has nothing unsafe, no wildcard and no address in it', () => {
    expect(text).not.toMatch(/unsafe|\*|https?:|wss?:|blob:/)
  })

  it('denies by default, fetches nothing and demands Trusted Types', () => {
    expect(text).toContain("default-src 'none'")
    expect(text).toContain("connect-src 'none'")
    expect(text).toContain("require-trusted-types-for 'script'")
    for (const directive of [
      'base-uri',
      'form-action',
      'frame-src',
      'frame-ancestors',
      'object-src',
    ] as const) {
      expect(CONTENT_SECURITY_POLICY[directive]).toEqual(["'none'"])
    }
    expect(CONTENT_SECURITY_POLICY['script-src']).toEqual(["'self'"])
  })

  it("allows the kit's constant styles by their hashes", () => {
    expect(INLINE_STYLE_HASHES.scrollArea).toBe(hashOf(styleOf('ScrollArea/ScrollAreaViewport')))
    expect(INLINE_STYLE_HASHES.combobox).toBe(hashOf(styleOf('Combobox/ComboboxViewport')))
    expect(INLINE_STYLE_HASHES.select).toBe(hashOf(styleOf('Select/SelectViewport')))
    expect(INLINE_STYLE_HASHES.viewport).toBe(hashOf(styleOf('Viewport/Viewport')))
    for (const hash of Object.values(INLINE_STYLE_HASHES)) expect(text).toContain(hash)
  })

  it('is one header line', () => {
    expect(text).not.toMatch(/[\r\n]/)
    for (const value of Object.values(SECURITY_HEADERS)) expect(value).not.toMatch(/[\r\n]/)
  })

  it('is looser in development only towards the dev server itself', () => {
    const dev = policyText(developmentPolicy('http://localhost:5173'))
    expect(dev).toContain("connect-src 'self' ws://localhost:5173")
    expect(dev).not.toMatch(/unsafe-eval|\*/)
  })
})
