import type { ContextBridge } from 'electron'
import { loudMembers } from '../loud.ts'
import { createBridgeHalf } from './context-bridge.ts'
import { Emitter } from './emitter.ts'
import { IpcRenderer } from './ipc-renderer.ts'
import type { ToMain, ToPage, WorldConfig } from './messages.ts'

declare const STANDIN: WorldConfig
/** The app's preload bundle, wrapped as Electron wraps it: as a CommonJS function. */
declare const PRELOAD: (
  require: (name: string) => unknown,
  process: unknown,
  global: unknown,
  exports: object,
  module: { exports: object },
) => void

// Injected into an isolated world of its own before any script of the page: ipcRenderer, contextBridge and the preload.
if (window.top === window && location.href !== 'about:blank') runPreload(takePost())

/** Takes the way to the main process out of reach of the preload: only ipcRenderer has it. */
function takePost(): (message: ToMain) => void {
  const globals = globalThis as unknown as Record<string, (text: string) => void>
  const binding = globals[STANDIN.binding]
  delete globals[STANDIN.binding]
  return (message) => binding?.(JSON.stringify(message))
}

function runPreload(post: (message: ToMain) => void): void {
  const ipcRenderer = new IpcRenderer(post)
  Object.defineProperty(globalThis, STANDIN.receiver, {
    value: (message: ToPage) => IpcRenderer.receive(ipcRenderer, message),
  })
  const bridge = createBridgeHalf(STANDIN.toIsolated, STANDIN.toPage)
  const contextBridge: Pick<ContextBridge, 'exposeInMainWorld'> = {
    exposeInMainWorld: (key, api) => bridge.expose(key, api),
  }
  const electron = loudMembers('electron', {
    ipcRenderer: loudMembers('ipcRenderer', ipcRenderer),
    contextBridge: loudMembers('contextBridge', contextBridge),
  })
  const process = Object.freeze({ ...STANDIN.process, on() {}, once() {} })
  try {
    const module = { exports: {} }
    PRELOAD((name) => requireModule(name, electron), process, globalThis, module.exports, module)
  } catch (error) {
    console.error(`Unable to load preload script: ${STANDIN.preloadPath}`)
    console.error(error)
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    post({ kind: 'preload-error', message, stack })
  }
}

/** The few modules that a sandboxed preload may require, with the sandbox's own refusal for all others. */
function requireModule(name: string, electron: object): unknown {
  switch (name.replace(/^node:/, '')) {
    case 'electron':
    case 'electron/renderer':
    case 'electron/common':
      return electron
    case 'events':
      return Object.assign(class EventEmitter extends Emitter {}, { EventEmitter: Emitter })
    case 'timers':
      return { setTimeout, clearTimeout, setInterval, clearInterval }
    case 'url':
      return { URL, URLSearchParams }
    default:
      throw new Error(`module not found: ${name}`)
  }
}
