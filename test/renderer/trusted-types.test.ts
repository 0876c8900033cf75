import { describe, expect, it } from 'vitest'
import { allowMarkup, trustedRules } from '#renderer/trusted-types.ts'

const rules = trustedRules({ href: 'app://counterfoil/index.html' })

describe('what may become markup or a script', () => {
  it('lets a bundled icon through, character for character, and nothing else', () => {
    allowMarkup('<path d="M0 0"/>')
    expect(rules.createHTML('<path d="M0 0"/>')).toBe('<path d="M0 0"/>')
    expect(rules.createHTML('')).toBe('')
    expect(() => rules.createHTML('<path d="M0 0"/> ')).toThrow(TypeError)
    expect(() => rules.createHTML('<img src=x onerror=alert(1)>')).toThrow(TypeError)
  })

  it('lets in only scripts that came with the page', () => {
    expect(rules.createScriptURL('./assets/search-worker.js')).toBe('./assets/search-worker.js')
    expect(rules.createScriptURL('app://counterfoil/assets/x.js')).toBe('app://counterfoil/assets/x.js')
    for (const address of [
      'https://example.com/x.js',
      'data:text/javascript,1',
      'blob:app://counterfoil/1',
      'app://other/x.js',
    ]) {
      expect(() => rules.createScriptURL(address)).toThrow(TypeError)
    }
  })
})
