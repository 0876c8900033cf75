/** An event of Electron's whose default can be prevented. */
export interface CancelableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

export function cancelable<T extends object>(details: T): T & CancelableEvent {
  let prevented = false
  return Object.defineProperty(
    { ...details, preventDefault: () => void (prevented = true) } as T & CancelableEvent,
    'defaultPrevented',
    { get: () => prevented },
  )
}
