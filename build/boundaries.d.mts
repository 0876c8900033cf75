import type { Door } from './closed-doors.mjs'

export type DoorName =
  | 'NODE'
  | 'ELECTRON'
  | 'ELECTRON_PARTS'
  | 'ELECTRON_AT_RUN_TIME'
  | 'VUE'
  | 'DEXIE'
  | 'SDK'
  | 'SHARED'
  | 'SHARED_BUT_IPC'
  | 'BRIDGE'
  | 'MAIN'
  | 'IPC_DOORS'
  | 'PLATFORM'
  | 'PRACTICE'
  | 'SERVER'
  | 'RENDERER'
  | 'DB'
  | 'DB_BUT_READS'
  | 'ABOVE_DB'
  | 'SCREENS'
  | 'PRELOAD'
  | 'TESTS'

export const DOORS: Readonly<Record<DoorName, Door>>
export const PRACTICE_FACES: readonly string[]
export const BOUNDARIES: readonly {
  readonly files: readonly string[]
  readonly closed: readonly DoorName[]
}[]
