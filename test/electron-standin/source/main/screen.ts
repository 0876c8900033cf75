import { EventEmitter } from 'node:events'
import type { Display } from 'electron'
import { loudMembers } from '../loud.ts'

const SIZE = { width: 1920, height: 1080 }
const WORK_AREA = { width: 1920, height: 1040 }

/** The one display there is here: always the same, whatever the machine has. */
const DISPLAY = {
  id: 1,
  label: 'stand-in',
  bounds: { x: 0, y: 0, ...SIZE },
  size: SIZE,
  workArea: { x: 0, y: 0, ...WORK_AREA },
  workAreaSize: WORK_AREA,
  scaleFactor: 1,
  rotation: 0,
  internal: true,
} as Display

/** electron.screen. */
class Screen extends EventEmitter {
  getPrimaryDisplay(): Display {
    return { ...DISPLAY }
  }
  getAllDisplays(): Display[] {
    return [this.getPrimaryDisplay()]
  }
  getDisplayMatching(): Display {
    return this.getPrimaryDisplay()
  }
}
export const createScreen = () => loudMembers('screen', new Screen())
