import type { Page } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text as it may lie somewhere: as it is, as UTF-16, in hexadecimal, and in base64 at whatever place it begins there. */
function formsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text, 'utf8')
  const inBase64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // Its first and last letters depend on what stands beside it.
    return whole.slice(before === 0 ? 0 : before + 1, -1)
  })
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    ...[bytes.toString('hex'), ...inBase64].map((form) => Buffer.from(form, 'latin1')),
  ]
}

/** True where the text lies there, in whatever form. */
export function holds(place: Buffer | string, text: string): boolean {
  const bytes = typeof place === 'string' ? Buffer.from(place, 'utf8') : place
  return formsOf(text).some((form) => bytes.includes(form))
}

/** The files below a folder in which the text lies, as they are found. */
export function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => holds(contentOf(file), text))
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0) // gone, or locked by the browser
  }
}

/**
 * Arguments and environment of a process and all that it has started, as `pid what`, to their text. Linux alone tells;
 * elsewhere there are none.
 */
export function processTexts(top: number): ReadonlyMap<string, Buffer> {
  if (process.platform !== 'linux') return new Map()
  const parents = new Map(
    readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return []
      // The name in brackets may hold anything; what follows the last one does not.
      const stat = contentOf(`/proc/${name}/stat`).toString('latin1')
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const]
    }),
  )
  const isBelow = (pid: number): boolean => pid === top || (pid > 1 && isBelow(parents.get(pid) ?? 0))
  return new Map(
    [...parents.keys()]
      .filter(isBelow)
      .flatMap((pid) =>
        ['cmdline', 'environ'].map((what) => [`${pid} ${what}`, contentOf(`/proc/${pid}/${what}`)] as const),
      ),
  )
}

/** All that the databases of the page hold, as one text. */
export function databasesOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('not read'))
      })
    const asText = (_: string, value: unknown) => {
      if (value instanceof ArrayBuffer) return new TextDecoder().decode(value)
      return ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value
    }
    const texts: string[] = []
    for (const { name } of await indexedDB.databases()) {
      const db = await answer(indexedDB.open(name ?? ''))
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store)
        texts.push(
          name ?? '',
          store,
          JSON.stringify([await answer(all.getAllKeys()), await answer(all.getAll())], asText),
        )
      }
      db.close()
    }
    return texts.join('\n')
  })
}

/** All strings in the memory of the page, as the browser's own snapshot of it has them. */
export async function memoryOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return chunks.join('')
}
