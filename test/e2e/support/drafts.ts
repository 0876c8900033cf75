import type { Page } from '@playwright/test'

/** Everything the page keeps of forms that were not saved, as text. */
export async function draftsIn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open(name)
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(new Error('not opened'))
      })
      if (database.objectStoreNames.contains('drafts')) {
        found.push(
          await new Promise((resolve, reject) => {
            const all = database.transaction('drafts').objectStore('drafts').getAll()
            all.onsuccess = () => resolve(all.result)
            all.onerror = () => reject(new Error('not read'))
          }),
        )
      }
      database.close()
    }
    return JSON.stringify(found)
  })
}
