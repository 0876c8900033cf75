import { isPlainJson } from './fast-path.ts'
import { NOT_CLONABLE, type Cell, type Entry, type Wire } from './wire.ts'

/** The value as Electron's IPC would clone it. Throws Electron's own error for what cannot be cloned. */
export function encode(value: unknown): Wire {
  if (isPlainJson(value)) return { plain: value }
  // The engine itself decides first what can be cloned, and takes getters and prototypes away.
  let clone: unknown
  try {
    clone = structuredClone(value)
  } catch {
    throw new Error(NOT_CLONABLE)
  }
  const table: Entry[] = []
  const root = encodeCell(clone, table, new Map())
  return { root, table }
}

function encodeCell(value: unknown, table: Entry[], seen: Map<object, number>): Cell {
  switch (typeof value) {
    case 'undefined':
      return ['undefined']
    case 'string':
    case 'boolean':
      return value
    case 'bigint':
      return ['bigint', String(value)]
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value
      return ['number', Object.is(value, -0) ? '-0' : String(value)]
    case 'object': {
      if (value === null) return null
      const known = seen.get(value)
      if (known !== undefined) return ['at', known]
      const at = table.length
      seen.set(value, at)
      // The place is taken before the children are encoded, so that a cycle finds it.
      table.push({ kind: 'object', items: [] })
      table[at] = encodeEntry(value, (child) => encodeCell(child, table, seen))
      return ['at', at]
    }
    default:
      throw new Error(NOT_CLONABLE)
  }
}

function encodeEntry(value: object, cell: (child: unknown) => Cell): Entry {
  const items = () => Object.entries(value).map(([key, item]) => [key, cell(item)] as const)
  if (Array.isArray(value)) return { kind: 'array', length: value.length, items: items() }
  if (value instanceof Map)
    return { kind: 'map', items: [...value].map(([key, item]) => [cell(key), cell(item)]) }
  if (value instanceof Set) return { kind: 'set', items: [...value].map(cell) }
  if (ArrayBuffer.isView(value)) return encodeView(value, cell)
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
  switch (tag) {
    case 'Object':
      return { kind: 'object', items: items() }
    case 'Date': {
      const time = (value as Date).getTime()
      return { kind: 'date', time: Number.isNaN(time) ? null : time }
    }
    case 'RegExp':
      return { kind: 'regexp', source: (value as RegExp).source, flags: (value as RegExp).flags }
    case 'Error': {
      const error = value as Error
      const cause = 'cause' in error ? { cause: cell(error.cause) } : {}
      return { kind: 'error', name: error.name, message: error.message, stack: error.stack ?? '', ...cause }
    }
    case 'ArrayBuffer':
      return { kind: 'buffer', base64: toBase64(new Uint8Array(value as ArrayBuffer)) }
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'BigInt':
      return { kind: 'boxed', value: cell(value.valueOf()) }
    default:
      // Blob, File, ImageBitmap, CryptoKey …: Electron does not carry them to its main process either.
      throw new Error(NOT_CLONABLE)
  }
}

function encodeView(view: ArrayBufferView, cell: (child: unknown) => Cell): Entry {
  const type = Object.prototype.toString.call(view).slice('[object '.length, -1)
  const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length
  return { kind: 'view', type, buffer: cell(view.buffer), offset: view.byteOffset, length }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}
