/** A value between Node and the page, as JSON: exactly as it is, or taken apart into a table of its objects. */
export type Wire = { readonly plain: unknown } | { readonly root: Cell; readonly table: readonly Entry[] }

/** A primitive, or a tagged array for what JSON lacks: undefined, a special number, a bigint, a reference into the table. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | readonly ['undefined']
  | readonly ['number', string]
  | readonly ['bigint', string]
  | readonly ['at', number]

export type Entry =
  | { readonly kind: 'array'; readonly length: number; readonly items: readonly (readonly [string, Cell])[] }
  | { readonly kind: 'object'; readonly items: readonly (readonly [string, Cell])[] }
  | { readonly kind: 'map'; readonly items: readonly (readonly [Cell, Cell])[] }
  | { readonly kind: 'set'; readonly items: readonly Cell[] }
  | { readonly kind: 'date'; readonly time: number | null }
  | { readonly kind: 'regexp'; readonly source: string; readonly flags: string }
  | {
      readonly kind: 'error'
      readonly name: string
      readonly message: string
      readonly stack: string
      readonly cause?: Cell
    }
  | { readonly kind: 'buffer'; readonly base64: string }
  | {
      readonly kind: 'view'
      readonly type: string
      readonly buffer: Cell
      readonly offset: number
      readonly length: number
    }
  | { readonly kind: 'boxed'; readonly value: Cell }

/** Electron's own words for a value that a structured clone refuses. */
export const NOT_CLONABLE = 'An object could not be cloned.'
