import { parse } from '@vue/compiler-sfc'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createText } from '#renderer/i18n/text.ts'
import { en } from '#renderer/i18n/en.ts'
import { VALIDATION_KEYS } from '#shared/customer/validation-message.ts'

const root = new URL('../../../renderer/', import.meta.url)
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(vue|ts)$/.test(file) && !file.includes('node_modules'),
)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const SPOKEN = new Set(['label', 'title', 'placeholder', 'aria-label', 'alt', 'description', 'hint', 'text'])

interface Node {
  readonly type: number
  readonly content?: unknown
  readonly children?: readonly Node[]
  readonly props?: readonly {
    readonly type: number
    readonly name: string
    readonly value?: { readonly content: string }
  }[]
}
/** Words standing in a template: text between tags, or in an attribute that is seen or spoken. */
function literals(node: Node): readonly string[] {
  const own =
    node.type === 2 && typeof node.content === 'string' && /\p{L}/u.test(node.content)
      ? [node.content.trim()]
      : []
  const attributes = (node.props ?? [])
    .filter((prop) => prop.type === 6 && SPOKEN.has(prop.name))
    .map((prop) => prop.value?.content ?? '')
  return [
    ...own,
    ...attributes.filter((text) => /\p{L}/u.test(text)),
    ...(node.children ?? []).flatMap(literals),
  ]
}
function leaves(tree: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as const]
      : leaves(value as object, `${path}${key}.`),
  )
}

describe('the words on the screen', () => {
  it('come from the catalogue: no template holds text of its own', () => {
    const found = files
      .filter((file) => file.endsWith('.vue'))
      .flatMap((file) => {
        const ast = parse(read(file)).descriptor.template?.ast
        return ast ? literals(ast as unknown as Node).map((text) => `${file}: ${text}`) : []
      })
    expect(found).toEqual([])
  })

  it('finds text in a template that has some', () => {
    const ast = parse('<template><p title="Hello">{{ t("x") }}<b>Bye</b></p></template>').descriptor.template
      ?.ast
    expect(literals(ast as unknown as Node)).toEqual(['Hello', 'Bye'])
  })

  it('hold a message for every validation key', () => {
    for (const key of VALIDATION_KEYS) expect(en.validation[key]).toBeTruthy()
  })

  it('can all be compiled, and none leaves a brace on the screen', () => {
    const { global } = createText()
    for (const [key, message] of leaves(en)) {
      const values = Object.fromEntries([...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 'x']))
      expect(global.t(key, values), key).not.toMatch(/[{}]/)
    }
  })

  it('are plain: none of the words staff should not have to know', () => {
    const jargon = /\b(sync error|operation|409|remote|local|resolve|conflict|server|record|OK)\b/i
    expect(
      leaves(en)
        .filter(([, message]) => jargon.test(message.replace(/\{\w+\}/g, ''))) // the name of a value is not read
        .map(([key]) => key),
    ).toEqual([])
  })

  it('are all used', () => {
    const code = files
      .filter((file) => !file.endsWith('en.ts'))
      .map(read)
      .join('\n')
    const keys = leaves(en).map(([key]) => key)
    expect(unusedKeys(keys, code)).toEqual([])
    expect(
      unusedKeys(['app.name', 'app.nobody', 'a.b.c', 'a.x.d'], `t('app.name') + t(\`a.\${x}.c\`)`),
    ).toEqual(['app.nobody', 'a.x.d'])
  })
})

/** Keys that stand nowhere in the code: neither quoted nor fitting one that is put together from parts. */
function unusedKeys(keys: readonly string[], code: string): readonly string[] {
  const made = [...code.matchAll(/`([a-z][A-Za-z]*(?:\.(?:[\w-]+|\$\{[^`}]*(?:\([^`]*\))?\}))+)`/g)].map(
    ([, text = '']) => new RegExp(`^${text.replace(/\$\{[^.]*?\}|\$\{.*?\}/g, '[^.]+')}$`),
  )
  return keys.filter((key) => !code.includes(`'${key}'`) && !made.some((pattern) => pattern.test(key)))
}
