import { AnswerRefused } from './answer-refused.ts'

const DEEPEST = 32

/**
 * The body as text once it is sure to be UTF-8 JSON of bearable size and depth; rejects with `AnswerRefused` otherwise.
 * Counts what comes out of decompression, so a small bomb stops early.
 */
export async function readJsonText(response: Response, sizeLimitBytes: number): Promise<string> {
  const text = decode(await readBytes(response, sizeLimitBytes), response)
  if (isTooDeep(text)) throw new AnswerRefused('not-json', response)
  try {
    JSON.parse(text)
  } catch {
    throw new AnswerRefused('not-json', response)
  }
  return text
}

async function readBytes(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limit) {
      void reader.cancel().catch(() => undefined)
      throw new AnswerRefused('oversized', response)
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

function decode(bytes: Uint8Array, response: Response): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AnswerRefused('not-json', response)
  }
}

/** Nesting deeper than anything Square sends would exhaust the SDK's recursive parser. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (inText) {
      if (sign === '\\') at += 1
      else if (sign === '"') inText = false
    } else if (sign === '"') inText = true
    else if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') depth -= 1
    if (depth > DEEPEST) return true
  }
  return false
}
