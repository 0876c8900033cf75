import { loudMembers } from '../loud.ts'
import { WebContents } from './web-contents.ts'
import { windows } from './windows.ts'

/** electron.webContents. */
class WebContentsModule {
  getAllWebContents(): WebContents[] {
    return windows.contents() as WebContents[]
  }
  getFocusedWebContents(): WebContents | null {
    const focused = windows.focused()
    return this.getAllWebContents().find((contents) => windows.of(contents) === focused) ?? null
  }
  fromId(id: number): WebContents | undefined {
    return this.getAllWebContents().find((contents) => contents.id === id)
  }
  fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return this.getAllWebContents().find((contents) => WebContents.targetOf(contents) === targetId)
  }
}
export const createWebContentsModule = () => loudMembers('webContents', new WebContentsModule())
