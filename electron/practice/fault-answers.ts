import type { RawAnswer, WrongShape } from './faults.ts'
import { refuse } from './outcome.ts'

const REASONS: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** What a gateway in front of the API says when it says it itself. */
export function gatewayPage(status: number): RawAnswer {
  const title = `${status} ${REASONS[status] ?? 'Error'}`
  return {
    status,
    headers: { 'content-type': 'text/html' },
    text: `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n</body>\n</html>\n`,
  }
}

const STORM = [
  [500, 'INTERNAL_SERVER_ERROR'],
  [502, 'BAD_GATEWAY'],
  [503, 'SERVICE_UNAVAILABLE'],
  [504, 'GATEWAY_TIMEOUT'],
] as const

/** One failure of a server in trouble: which, and whether in JSON or HTML, is chance. */
export function stormAnswer(chance: () => number): RawAnswer {
  const [status, code] = STORM[Math.floor(chance() * STORM.length)] ?? STORM[0]
  if (chance() < 0.5) return gatewayPage(status)
  const { errors } = refuse(code, 'The server could not handle the request.', undefined, status)
  return { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ errors }) }
}

/** The JSON text of an answer in a shape that it must not have. */
export function misshapen(text: string, shape: WrongShape): string {
  switch (shape) {
    case 'null':
      return 'null'
    case 'array':
      return '[]'
    case 'empty':
      return '{}'
    case 'without-id':
      return changed(text, { id: undefined })
    case 'without-version':
      return changed(text, { version: undefined })
    case 'wrong-types':
      return changed(text, { id: 7, version: 'newest', given_name: ['no text'], address: 'no object' })
  }
}

/** Every object in it that has such keys gets other values for them; `undefined` takes the key away. */
function changed(text: string, values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    JSON.parse(text, (key, value: unknown) => (Object.hasOwn(values, key) ? values[key] : value)),
  )
}
