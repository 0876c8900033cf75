import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './runtime.ts'

/** The design's own colours, read from the file they are written in and not from the page, as a browser computes them. */
export function paletteOf(mode: 'light' | 'dark'): (token: string) => string {
  const css = readFileSync(join(ROOT, 'renderer/theme/palette.css'), 'utf8')
  const values = new Map<string, string>()
  for (const [, selector = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selector.includes(mode === 'light' ? '.dark' : '.light')) continue
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) values.set(name, value)
  }
  const resolved = (token: string): string => {
    const value = values.get(token)
    if (value === undefined) throw new Error(`the palette has no ${token}`)
    const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1]
    return other === undefined ? asRgb(value) : resolved(other)
  }
  return resolved
}

function asRgb(hex: string): string {
  const [, red = '', green = '', blue = ''] = /^#(..)(..)(..)$/.exec(hex) ?? []
  return `rgb(${[red, green, blue].map((part) => Number.parseInt(part, 16)).join(', ')})`
}
