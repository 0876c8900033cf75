import type { Page } from '@playwright/test'

/** Everything the page keeps of forms that were not saved, or of answers that were not given, as text. */
export async function draftsIn(page: Page, store: 'drafts' | 'answers' = 'drafts'): Promise<string> {
  return page.evaluate(async (store) => {
    const found: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open(name)
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(new Error('not opened'))
      })
      if (database.objectStoreNames.contains(store)) {
        found.push(
          await new Promise((resolve, reject) => {
            const all = database.transaction(store).objectStore(store).getAll()
            all.onsuccess = () => resolve(all.result)
            all.onerror = () => reject(new Error('not read'))
          }),
        )
      }
      database.close()
    }
    return JSON.stringify(found)
  }, store)
}
