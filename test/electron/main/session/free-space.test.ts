import { expect, it } from 'vitest'
import { rememberedFreeSpace } from '#main/session/free-space.ts'

function space(bytes: number | null) {
  const disk = { bytes, asked: 0, now: 0, broken: false }
  const free = rememberedFreeSpace({
    measure: () => {
      disk.asked += 1
      return disk.broken ? Promise.reject(new Error('gone')) : Promise.resolve(disk.bytes)
    },
    clock: { monotonic: () => disk.now },
    plenty: 1_000,
  })
  return { disk, free }
}

it('S1: plenty of space is measured once for the saves of a second, then renewed behind the answer', async () => {
  const { disk, free } = space(5_000)
  expect([await free(), await free()]).toEqual([5_000, 5_000])
  expect(disk.asked).toBe(1)
  disk.bytes = 10
  disk.now = 1_001
  expect(await free()).toBe(5_000)
  expect(disk.asked).toBe(2)
  expect(await free()).toBe(10)
})

it('S1: what is older than ten seconds is not believed', async () => {
  const { disk, free } = space(5_000)
  await free()
  disk.bytes = 10
  disk.now = 10_001
  expect(await free()).toBe(10)
})

it.each([999, null])('too little space, or not known (%s), is asked for every time', async (bytes) => {
  const { disk, free } = space(bytes)
  expect(await free()).toBe(bytes)
  disk.bytes = 5_000
  expect(await free()).toBe(5_000)
  expect(disk.asked).toBe(2)
})

it('a measurement that fails behind an answer is made anew for the next', async () => {
  const { disk, free } = space(5_000)
  await free()
  disk.now = 1_001
  disk.broken = true
  expect(await free()).toBe(5_000)
  await new Promise((resolve) => setImmediate(resolve))
  await expect(free()).rejects.toThrow('gone')
})
