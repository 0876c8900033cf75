import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '#shared/ipc/bridge.ts'
import {
  EVENT_CHANNELS,
  INVOKE_CHANNELS,
  type EventChannel,
  type InvokeChannel,
} from '#shared/ipc/contract.ts'

/** One function per channel of the contract. The page gets no event object, no channel name to choose, no Electron. */
const invoke = (channel: InvokeChannel) => [
  channel,
  (request: unknown) => ipcRenderer.invoke(channel, request),
]

const on = (channel: EventChannel) => [
  channel,
  (listener: (event: unknown) => void) => {
    const relay = (_event: unknown, payload: unknown) => listener(payload)
    ipcRenderer.on(channel, relay)
    return () => void ipcRenderer.off(channel, relay)
  },
]

const bridge: Bridge = {
  invoke: Object.fromEntries(INVOKE_CHANNELS.map(invoke)),
  on: Object.fromEntries(EVENT_CHANNELS.map(on)),
}
contextBridge.exposeInMainWorld('counterfoil', bridge)
