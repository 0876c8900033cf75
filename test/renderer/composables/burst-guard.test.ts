import { describe, expect, it } from 'vitest'
import { createBurstGuard } from '#renderer/composables/burst-guard.ts'

function guarded() {
  const waiting = new Set<() => void>()
  const guard = createBurstGuard({
    later(act) {
      waiting.add(act)
      return () => waiting.delete(act)
    },
  })
  const pass = () => {
    const acts = [...waiting]
    waiting.clear()
    acts.forEach((act) => act())
  }
  return { guard, pass }
}

describe('keys of a person and of a scanner', () => {
  it('lets one key press act when nothing follows', () => {
    const { guard, pass } = guarded()
    const chosen: string[] = []
    guard.press(1000, () => chosen.push('1'))
    expect(chosen).toEqual([])
    pass()
    expect(chosen).toEqual(['1'])
  })

  it('ignores a digit that other keys follow within 30 ms, and every digit of the burst', () => {
    const { guard, pass } = guarded()
    const chosen: string[] = []
    '12312'.split('').forEach((digit, at) => guard.press(1000 + at * 10, () => chosen.push(digit)))
    expect(guard.key(1050)).toBe(true) // the Enter at its end
    pass()
    expect(chosen).toEqual([])
  })

  it('loses no press to a later key where the window is too busy to act in between', () => {
    const { guard, pass } = guarded()
    const chosen: string[] = []
    guard.press(1000, () => chosen.push('1'))
    expect(guard.key(1060)).toBe(false)
    expect(chosen).toEqual(['1'])
    pass()
    expect(chosen).toEqual(['1'])
  })

  it('counts again after a pause', () => {
    const { guard, pass } = guarded()
    const chosen: string[] = []
    guard.key(1000)
    guard.press(1010, () => chosen.push('in the burst'))
    guard.press(1040, () => chosen.push('after it'))
    pass()
    expect(chosen).toEqual(['after it'])
  })
})
