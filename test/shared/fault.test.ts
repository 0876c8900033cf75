import { expect, it } from 'vitest'
import { faultFacts } from '#shared/fault.ts'

it('tells the name and place of an error and never its message, which may hold a customer', () => {
  const error = new TypeError('cannot read Ana Ruiz, 212-555-0199')
  error.stack = `TypeError: ${error.message}\n    at save (https://host.invalid/assets/index-Ab_1.js:12:345)\n    at x`
  expect(faultFacts(error)).toEqual({ name: 'TypeError', at: 'index-Ab_1.js:12:345' })
  error.stack = 'TypeError: x\n    at file:///C:/till/out/main/index.js:7:8'
  expect(faultFacts(error).at).toBe('index.js:7:8')
  expect(faultFacts('Ana Ruiz')).toEqual({ name: 'string', at: '' })
})
