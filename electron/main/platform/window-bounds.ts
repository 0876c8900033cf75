import type { Rectangle } from 'electron'
import { WINDOW_DEFAULT_SIZE, WINDOW_MIN_SIZE } from '../config.ts'
import { readJson, writeAtomically } from './atomic-file.ts'

export interface WindowPlace {
  readonly bounds: Rectangle
  readonly maximized: boolean
}
export interface WindowStart {
  readonly size: { readonly width: number; readonly height: number }
  /** Null: let the system place it. */
  readonly position: { readonly x: number; readonly y: number } | null
  readonly maximized: boolean
}

/**
 * Where to open the window: as it was left, if that place can still be seen on one of the screens; a window on a screen
 * that was unplugged would otherwise open where nobody finds it.
 */
export function windowStart(remembered: WindowPlace | null, screens: readonly Rectangle[]): WindowStart {
  if (!remembered) return { size: WINDOW_DEFAULT_SIZE, position: null, maximized: false }
  const { x, y, width, height } = remembered.bounds
  const size = {
    width: Math.max(width, WINDOW_MIN_SIZE.width),
    height: Math.max(height, WINDOW_MIN_SIZE.height),
  }
  const visible = screens.some((screen) => overlapsTitleBar(remembered.bounds, screen))
  return { size, position: visible ? { x, y } : null, maximized: remembered.maximized }
}

/** Enough of the upper edge is on this screen to take hold of the window. */
function overlapsTitleBar(window: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  return across >= 120 && window.y >= screen.y && window.y + 40 <= screen.y + screen.height
}

/** The remembered place; null at first start or where the file makes no sense. */
export async function readWindowPlace(file: string): Promise<WindowPlace | null> {
  return readJson(file, parsePlace)
}

/** Remembers the place. A failure is of no consequence and is swallowed. */
export async function writeWindowPlace(file: string, place: WindowPlace): Promise<void> {
  await writeAtomically(file, JSON.stringify(place)).catch(() => undefined)
}

function parsePlace(value: unknown): WindowPlace | null {
  const { bounds, maximized } = value as { bounds?: Partial<Rectangle>; maximized?: unknown }
  const { x, y, width, height } = bounds ?? {}
  if (![x, y, width, height].every((n) => Number.isSafeInteger(n))) return null
  return { bounds: bounds as Rectangle, maximized: maximized === true }
}
