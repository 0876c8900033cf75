/** Where a text stops being JSON, counted from 1, and what is wrong there. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly reason: string
}

/** One token with the blanks before it: a mark, a text, or a number or word. */
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))|)/y

/** What may stand next. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or ]' | ', or }' | 'end'
const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or `]`',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes or `}`',
  ':': '`:`',
  ', or ]': '`,` or `]`',
  ', or }': '`,` or `}`',
  end: 'the end',
}

/** The first place at which `text` is no JSON; null where it is. Engines say it each in their own way, and not always where. */
export function jsonFault(text: string): JsonFault | null {
  const inside: ('[' | '{')[] = []
  let expected: Expected = 'value'
  let at = 0
  const afterValue = (): Expected =>
    inside.length === 0 ? 'end' : inside.at(-1) === '[' ? ', or ]' : ', or }'
  for (;;) {
    TOKEN.lastIndex = at
    const [whole = '', mark, quoted, word] = TOKEN.exec(text) ?? []
    const start = at + whole.length - (mark ?? quoted ?? word ?? '').length
    at += whole.length
    const takesValue = expected === 'value' || expected === 'value or ]'
    if (expected === 'end' && start === text.length) return null
    if (takesValue && (quoted !== undefined || word !== undefined)) expected = afterValue()
    else if (takesValue && (mark === '[' || mark === '{')) {
      inside.push(mark)
      expected = mark === '[' ? 'value or ]' : 'name or }'
    } else if ((expected === 'name' || expected === 'name or }') && quoted !== undefined) expected = ':'
    else if (expected === ':' && mark === ':') expected = 'value'
    else if (expected === ', or ]' && mark === ',') expected = 'value'
    else if (expected === ', or }' && mark === ',') expected = 'name'
    else if (mark !== undefined && expected.endsWith(` ${mark}`)) {
      inside.pop()
      expected = afterValue()
    } else
      return { ...place(text, start), reason: `expected ${WORDS[expected]}, found ${found(text, start)}` }
  }
}

function found(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (at >= text.length) return 'the end'
  const token = /^"|^[\w.+-]+/.exec(text.slice(at, at + 20))?.[0] ?? character
  return token === '"' ? 'a text that is not closed, or not written as JSON asks' : `\`${token}\``
}

function place(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split(/\r\n|\n|\r/)
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
