/** Resolves with `performance.now()` of the first moment at which `look` is true, tried after each change of the DOM. */
export function whenSeen(look: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(check)
    function check() {
      if (!look()) return
      observer.disconnect()
      resolve(performance.now())
    }
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    check()
  })
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** What the list shows: its first row and how many there are. */
export function shownList(): { readonly title: string; readonly total: number } | null {
  const first = document.querySelector('#customer-list [role=option][aria-posinset="1"]')
  const title = first?.querySelector('bdi')?.textContent
  if (!first || title == null) return null
  return { title, total: Number(first.getAttribute('aria-setsize')) }
}

/** Types into the search box as a key press does. */
export function typeInSearch(text: string): void {
  const box = document.querySelector<HTMLInputElement>('input[type=search]')
  if (!box) throw new Error('there is no search box')
  box.value = text
  box.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
