import type { MenuItemConstructorOptions } from 'electron'
import { words } from './words.ts'

/**
 * The menu behind the Alt key (macOS: the bar on top). It is there for its keys: copy and paste on macOS, larger text
 * everywhere.
 */
export function menuTemplate(options: {
  readonly platform: NodeJS.Platform
  readonly devTools: boolean
}): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin'
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  const forDevelopers: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ]
  return [
    isMac ? { role: 'appMenu' } : { label: words.menu.file, submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: words.menu.view, submenu: options.devTools ? [...view, ...forDevelopers] : view },
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
  ]
}
