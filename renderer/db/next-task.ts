/**
 * Resolves in a task of its own: whoever was waiting goes on first. Not a timer, because timers wait longer in a window
 * that nobody sees.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
