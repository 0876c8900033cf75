import { build } from 'esbuild'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '#shared/ipc/bridge.ts'
import { EVENT_CHANNELS, INVOKE_CHANNELS } from '#shared/ipc/contract.ts'

let code: string
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../electron/preload/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'browser',
    external: ['electron'],
  })
  code = outputFiles[0]!.text
})

/** Runs the bundle as a sandboxed preload runs: nothing but `require('electron')`. */
function preload() {
  const exposed = new Map<string, unknown>()
  const invoked: unknown[][] = []
  const ipcRenderer = Object.assign(new EventEmitter(), {
    invoke: async (...args: unknown[]) => {
      invoked.push(args)
      return 'answer'
    },
  })
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api) },
    ipcRenderer,
  }
  const require = (name: string) => {
    if (name === 'electron') return electron
    throw new Error(`a sandboxed preload cannot require ${name}`)
  }
  runInContext(code, createContext({ require, module: { exports: {} }, exports: {} }))
  return { exposed, invoked, ipcRenderer, bridge: exposed.get('counterfoil') as Bridge }
}

describe('preload', () => {
  it('exposes the bridge of the contract and nothing else', () => {
    const { exposed, bridge } = preload()
    expect([...exposed.keys()]).toEqual(['counterfoil'])
    expect(Object.keys(bridge)).toEqual(['invoke', 'on'])
    expect(Object.keys(bridge.invoke)).toEqual([...INVOKE_CHANNELS])
    expect(Object.keys(bridge.on)).toEqual([...EVENT_CHANNELS])
  })

  it('calls the channel of that name with the request alone', async () => {
    const { bridge, invoked } = preload()
    const more = bridge.invoke['sync:now'] as (...args: unknown[]) => Promise<unknown>
    expect(await more(null, 'more')).toBe('answer')
    expect(invoked).toEqual([['sync:now', null]])
  })

  it('hands events on without their event object, until told to stop', () => {
    const { bridge, ipcRenderer } = preload()
    const heard: unknown[][] = []
    const stop = bridge.on['outbox:changed']((...args) => void heard.push(args))
    ipcRenderer.emit('outbox:changed', { sender: 'ipc' }, { seq: 1 }, 'more')
    expect(stop()).toBeUndefined()
    ipcRenderer.emit('outbox:changed', { sender: 'ipc' }, { seq: 2 })
    expect(heard).toEqual([[{ seq: 1 }]])
    expect(ipcRenderer.listenerCount('outbox:changed')).toBe(0)
  })
})
