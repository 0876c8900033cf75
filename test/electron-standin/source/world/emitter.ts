export type Listener = (...args: unknown[]) => void

/** The part of Node's EventEmitter that ipcRenderer offers. */
export class Emitter {
  readonly #listeners = new Map<string, { readonly call: Listener; readonly once: boolean }[]>()

  #add(name: string, call: Listener, once: boolean): this {
    const list = this.#listeners.get(name) ?? []
    this.#listeners.set(name, [...list, { call, once }])
    return this
  }
  on(name: string, listener: Listener): this {
    return this.#add(name, listener, false)
  }
  once(name: string, listener: Listener): this {
    return this.#add(name, listener, true)
  }
  off(name: string, listener: Listener): this {
    const list = this.#listeners.get(name) ?? []
    const at = list.findLastIndex(({ call }) => call === listener)
    if (at >= 0) this.#listeners.set(name, list.toSpliced(at, 1))
    return this
  }
  addListener(name: string, listener: Listener): this {
    return this.on(name, listener)
  }
  removeListener(name: string, listener: Listener): this {
    return this.off(name, listener)
  }
  removeAllListeners(name?: string): this {
    if (name === undefined) this.#listeners.clear()
    else this.#listeners.delete(name)
    return this
  }
  listenerCount(name: string): number {
    return this.#listeners.get(name)?.length ?? 0
  }
  emit(name: string, ...args: unknown[]): boolean {
    const list = this.#listeners.get(name) ?? []
    for (const { call, once } of list) {
      if (once) this.off(name, call)
      call.apply(this, args)
    }
    return list.length > 0
  }
}
