import type { CustomerFields } from '#shared/customer/customer.ts'
import type { CustomerBook, FormStart } from '#renderer/book.ts'
import { openBook } from './app-book.ts'
import { sleep, whenSeen } from './dom.ts'

/** Between two saves, so that what one leaves to be done (list, counts) is not charged to the next. */
export const PAUSE_MS = 40

/**
 * Saves new customers and edits in turn through the book of the screens; ms each until `save` said so, that is, until
 * the log had synced it and this window had projected it (S1).
 */
export async function saveInBook(count: number, label: string): Promise<number[]> {
  const book = openBook()
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    const { form, fields } = n % 2 === 0 ? await newCustomer(book, label, n) : await edit(book, n)
    await sleep(PAUSE_MS)
    const before = performance.now()
    const result = await book.save(form, fields, null)
    times.push(performance.now() - before)
    if (result.kind !== 'saved') throw new Error(`not saved: ${JSON.stringify(result)}`)
  }
  return times
}

async function newCustomer(book: CustomerBook, label: string, n: number) {
  const form = await startForm(book, null)
  return { form, fields: { ...form.shown, givenName: 'Bench', familyName: `${label} ${n}`, note: 'Regular' } }
}

async function edit(book: CustomerBook, n: number) {
  const { rows } = await book.search('', { offset: n * 7, limit: 1 })
  const form = await startForm(book, rows[0]?.localId ?? null)
  const fields: CustomerFields = { ...form.shown, note: `${form.shown.note ?? ''} seen ${n}` }
  return { form, fields }
}

async function startForm(book: CustomerBook, localId: string | null): Promise<FormStart> {
  const form = await book.openForm(localId)
  if (!form) throw new Error('the form does not open')
  return form
}

let armed: Promise<number> | null = null

/** From now on the next Ctrl+Enter is timed until the card of that name says "Saved here". */
export function armSave(name: string): void {
  let pressed: number | null = null
  addEventListener('keydown', onKey, { capture: true })
  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || !event.ctrlKey) return
    removeEventListener('keydown', onKey, { capture: true })
    pressed = performance.now()
  }
  armed = whenSeen(
    () =>
      pressed !== null &&
      document.querySelector('article [data-status="saved-here"]') !== null &&
      document.querySelector('article h1')?.textContent?.trim() === name,
  ).then((seen) => seen - pressed!)
}

/** The time of the save that was armed. */
export function armedSave(): Promise<number> {
  if (!armed) throw new Error('nothing is armed')
  return armed
}
