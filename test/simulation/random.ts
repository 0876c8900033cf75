/** A seeded stream of numbers in [0, 1): the same seed, the same stream (mulberry32). */
export function randomStream(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const STREAMS = [
  'schedule',
  'net',
  'staff',
  'crash',
  'colleague',
  'disk',
  'square',
  'setup',
  'engine',
] as const
export type Streams = Record<(typeof STREAMS)[number], () => number>

/** One stream per purpose, so that one event less does not shift the draws of all the others. */
export function randomStreams(seed: number): Streams {
  return Object.fromEntries(
    STREAMS.map((name, i) => [name, randomStream((Math.imul(seed, 2654435761) + (i + 1) * 40503) >>> 0)]),
  ) as Streams
}

/** One of these. */
export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

/** A number for this text: the same text, the same number (FNV-1a). `from` goes on with an earlier one. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
