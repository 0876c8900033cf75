/** A map that remembers which of its keys were written since `settled` was last called. */
export class TrackedMap<K, V> extends Map<K, V> {
  #touched = new Set<K>()
  #cleared = false

  override set(key: K, value: V): this {
    this.#touched.add(key)
    return super.set(key, value)
  }
  override delete(key: K): boolean {
    const held = super.delete(key)
    if (held) this.#touched.add(key)
    return held
  }
  override clear(): void {
    this.#cleared = true
    this.#touched.clear()
    super.clear()
  }
  /** For values that were changed in place. */
  touch(key: K): void {
    if (this.has(key)) this.#touched.add(key)
  }
  touched(): ReadonlySet<K> {
    return this.#touched
  }
  /** True where everything held before is gone and only `touched` keys count. */
  wasCleared(): boolean {
    return this.#cleared
  }
  settled(): void {
    this.#touched = new Set()
    this.#cleared = false
  }
}
