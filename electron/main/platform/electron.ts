/**
 * The parts of Electron this app uses, and the one place main takes them from. Everything else is given what it needs,
 * so that it can be tested without a window.
 */
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  session,
} from 'electron'
