import type { Cell, Entry, Wire } from './wire.ts'

const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}
type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView
const VIEWS: Readonly<Record<string, ViewConstructor>> = {
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
}

/** What encode() was given, made anew. */
export function decode(wire: Wire): unknown {
  if ('plain' in wire) return wire.plain
  return createReader(wire.table)(wire.root)
}

function createReader(table: readonly Entry[]): (cell: Cell) => unknown {
  const made = new Map<number, unknown>()
  const keep = <T>(at: number, value: T): T => {
    made.set(at, value)
    return value
  }

  function read(cell: Cell): unknown {
    if (cell === null || typeof cell !== 'object') return cell
    switch (cell[0]) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(cell[1])
      case 'bigint':
        return BigInt(cell[1])
      case 'at':
        return made.has(cell[1]) ? made.get(cell[1]) : readEntry(cell[1])
    }
  }

  function readEntry(at: number): unknown {
    const entry = table[at]
    switch (entry?.kind) {
      case undefined:
        throw new Error(`stand-in: damaged message, no entry ${at}`)
      case 'array':
        return fill(keep(at, new Array<unknown>(entry.length)), entry.items)
      case 'object':
        return fill(keep(at, {}), entry.items)
      case 'map': {
        const map = keep(at, new Map<unknown, unknown>())
        for (const [key, value] of entry.items) map.set(read(key), read(value))
        return map
      }
      case 'set': {
        const set = keep(at, new Set<unknown>())
        for (const value of entry.items) set.add(read(value))
        return set
      }
      case 'error': {
        const error = keep(at, new (ERRORS[entry.name] ?? Error)(entry.message))
        define(error, 'stack', entry.stack, false)
        if (entry.cause !== undefined) define(error, 'cause', read(entry.cause), false)
        return error
      }
      case 'date':
        return keep(at, new Date(entry.time ?? Number.NaN))
      case 'regexp':
        return keep(at, new RegExp(entry.source, entry.flags))
      case 'buffer':
        return keep(at, fromBase64(entry.base64))
      case 'view': {
        const View = VIEWS[entry.type]
        if (!View) throw new Error(`stand-in: ${entry.type} is not carried over IPC`)
        return keep(at, new View(read(entry.buffer) as ArrayBuffer, entry.offset, entry.length))
      }
      case 'boxed':
        return keep(at, Object(read(entry.value)) as unknown)
    }
  }

  const fill = (target: object, items: readonly (readonly [string, Cell])[]) => {
    for (const [key, value] of items) define(target, key, read(value), true)
    return target
  }
  return read
}

// Defined, not assigned: a key such as __proto__ is data here.
function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true })
}

function fromBase64(base64: string): ArrayBuffer {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes.buffer
}
