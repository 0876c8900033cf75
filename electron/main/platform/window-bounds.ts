import { WINDOW_DEFAULT_SIZE, WINDOW_MIN_SIZE } from '../config.ts'
import { readJson, writeAtomically } from './atomic-file.ts'

/**
 * How large the window was left. Where it stood is not kept: on a till whose second screen was unplugged it would open
 * where nobody finds it, and the system finds a good place by itself.
 */
export interface WindowSize {
  readonly width: number
  readonly height: number
  readonly maximized: boolean
}

/** The size to open the window with: as it was left, never below the least; the default at first start. */
export async function readWindowSize(file: string): Promise<WindowSize> {
  const kept = await readJson(file, parseSize)
  if (!kept) return { ...WINDOW_DEFAULT_SIZE, maximized: false }
  return {
    width: Math.max(kept.width, WINDOW_MIN_SIZE.width),
    height: Math.max(kept.height, WINDOW_MIN_SIZE.height),
    maximized: kept.maximized,
  }
}

/** Remembers the size. A failure is of no consequence and is swallowed. */
export async function writeWindowSize(file: string, { width, height, maximized }: WindowSize): Promise<void> {
  await writeAtomically(file, JSON.stringify({ width, height, maximized })).catch(() => undefined)
}

function parseSize(value: unknown): WindowSize | null {
  const { width, height, maximized } = value as Partial<WindowSize>
  return isLength(width) && isLength(height) ? { width, height, maximized: maximized === true } : null
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 20_000
}
