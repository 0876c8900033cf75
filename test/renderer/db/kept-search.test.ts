import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readStoredMark } from '#renderer/db/stored-rows.ts'
import type { SearchPorts } from '#renderer/search/search-server.ts'
import { localSearch, titles } from './book-fixture.ts'
import { DIRECTORY, openShop, tick, type Refused, type Shop } from './kept-search-shop.ts'

const name = fc.constantFrom('Ana', 'Zoë', 'Bo', 'Ruiz', 'Müller', 'xx')
const nth = fc.nat(9)
const of = fc.nat(1)
type Step = (shop: Shop) => Promise<unknown> | void
type Named = readonly [string, Step]
const named = (label: string, run: Step): Named => [label, run]
const step: fc.Arbitrary<Named> = fc.oneof(
  fc.tuple(of, name).map(([n, who]) => named(`add ${n} ${who}`, (shop) => shop.add(n, who))),
  fc.tuple(of, nth, name).map(([n, i, to]) => named(`edit ${n} ${i} ${to}`, (shop) => shop.edit(n, i, to))),
  fc.tuple(of, nth).map(([n, i]) => named(`remove ${n} ${i}`, (shop) => shop.remove(n, i))),
  fc.constant(named('send', (shop) => shop.send())),
  fc.constant(named('withdraw', (shop) => shop.withdraw())),
  fc.tuple(nth, name).map(([i, to]) => named(`merge ${i} ${to}`, (shop) => shop.merge(i, to))),
  fc.tuple(of, nth, name).map(([n, i, to]) => named(`pull ${n} ${i} ${to}`, (shop) => shop.pull(n, i, to))),
  fc
    .constantFrom<Refused>('nothing', 'nothing', 'rows', 'copy', 'everything')
    .map((refused) => named(`refuse ${refused}`, (shop) => void (shop.disk.refused = refused))),
  { weight: 2, arbitrary: fc.constant(named('quiet', (shop) => shop.quiet())) },
  of.map((n) => named(`crash ${n}`, (shop) => shop.crash(n))),
  { weight: 2, arbitrary: fc.constant(named('restart', (shop) => restart(shop))) },
)
const history = fc.array(step, { minLength: 4, maxLength: 18 })

let fromCopy = 0
async function restart(shop: Shop, over?: Partial<SearchPorts>): Promise<void> {
  await shop.close()
  const compared = await shop.compare(over)
  if (compared.fromCopy) fromCopy += 1
  expect(compared.found).toEqual(compared.expected)
}

/** After that history, and after every restart in it, a start with the copy finds what a start without it finds. */
async function holds(steps: readonly Named[], over?: (shop: Shop) => Partial<SearchPorts>) {
  const shop = await openShop()
  await shop.window(0)
  await shop.quiet()
  for (const [, run] of steps) await run(shop)
  await restart(shop, over?.(shop))
  shop.disk.refused = 'nothing'
  await shop.window(0)
  await shop.quiet()
  await restart(shop, over?.(shop))
}

it('after any history a search that starts from its copy finds what one that reads the rows finds', async () => {
  quietConsole()
  fromCopy = 0
  await fc.assert(
    fc.asyncProperty(history, (steps) => holds(steps)),
    { numRuns: 30 },
  )
  // Else it would have been held against itself.
  expect(fromCopy).toBeGreaterThan(30)
}, 120_000)

it('a start that believed the copy without asking the directory for its stamp would be found out', async () => {
  quietConsole()
  const believing = (shop: Shop): Partial<SearchPorts> => ({
    async readMark(directory) {
      const mark = await readStoredMark(shop.profile.database, directory)
      const kept = await shop.kept()
      const last = (kept?.changes.at(-1) ?? kept?.base) as { to?: string; through?: string } | undefined
      return { ...mark, stamp: last?.to ?? last?.through ?? null }
    },
  })
  const steps: Named[] = [
    ['crash', (shop) => shop.crash(0)],
    ['add', (shop) => shop.add(0, 'Zoë')],
  ]
  await holds(steps)
  await expect(holds(steps, believing)).rejects.toThrow()
}, 60_000)

describe('a start from the copy', () => {
  async function shopWithCopy() {
    quietConsole()
    const shop = await openShop()
    await shop.pull(0, 0, 'Ruiz')
    await shop.quiet()
    return shop
  }

  it('reads no row, with a clean end and without one, and after saves, answers and pulls', async () => {
    const shop = await shopWithCopy()
    await shop.add(0, 'Zoë')
    await shop.send()
    await shop.pull(0, 1, 'Müller')
    await tick()
    await shop.close()
    expect(await shop.compare()).toMatchObject({ fromCopy: true })
    const { book } = await shop.window(0)
    expect(await titles(book)).toEqual(['Ana Ruiz', 'Bo Müller', 'Cy', 'Di', 'Zoë'])
    expect(shop.profile.fullReads).toBe(2) // the very first start, and the one it was held against
  })

  it('where two windows wrote in turn their changes are one chain; one that is missing is seen', async () => {
    const shop = await shopWithCopy()
    await shop.window(1)
    await shop.quiet()
    for (const n of [0, 1, 0, 1]) await shop.add(n, `Zoë ${n}`)
    await tick()
    await shop.close()
    expect((await shop.kept())?.changes.length).toBeGreaterThanOrEqual(4)
    expect(await shop.compare()).toMatchObject({ fromCopy: true })
    await shop.lose('changes', 1)
    const compared = await shop.compare()
    expect(compared.fromCopy).toBe(false)
    expect(compared.found).toEqual(compared.expected)
    expect(await shop.kept()).toBeNull()
  })

  it.each([
    ['the base is gone', (shop: Shop) => shop.lose('base', 0)],
    [
      'another program wrote rows and knew no stamps',
      (shop: Shop) => meta(shop, ({ stamp: _, ...old }) => old),
    ],
    ['the directory is of another stamp', (shop: Shop) => meta(shop, (old) => ({ ...old, stamp: 'other' }))],
    ['the directory is gone', (shop: Shop) => void shop.profile.database.indexedDB.deleteDatabase(DIRECTORY)],
  ])('is none where %s: every row is read, and what was kept is deleted at once', async (_, spoil) => {
    const shop = await shopWithCopy()
    await shop.close()
    await spoil(shop)
    const compared = await shop.compare()
    expect(compared.fromCopy).toBe(false)
    expect(compared.found).toEqual(compared.expected)
    await tick()
    expect(await shop.kept()).toBeNull()
  })

  it('keeps nothing while the disk takes nothing, and again from the next start on', async () => {
    const shop = await shopWithCopy()
    shop.disk.refused = 'copy'
    await shop.add(0, 'Zoë')
    await shop.quiet()
    expect(await shop.kept()).toBeNull()
    shop.disk.refused = 'nothing'
    await shop.add(0, 'Xaver')
    await shop.quiet()
    await shop.close()
    expect(await shop.kept()).toBeNull()
    await shop.window(0)
    await shop.quiet()
    await shop.close()
    expect(await shop.compare()).toMatchObject({ fromCopy: true })
  })

  it('keeps nothing before it is quiet: not while the list is loaded for the first time', async () => {
    const shop = await openShop()
    await shop.pull(0, 0, 'Ruiz')
    expect(await shop.kept()).toBeNull()
  })

  it('S15: where the rows cannot be read when they are looked through nothing is kept: the next start reads them', async () => {
    const shop = await shopWithCopy()
    await shop.close()
    let looked = 0
    const search = localSearch(shop.profile, {
      readDirectory() {
        looked += 1
        return Promise.reject(new DOMException('the disk', 'UnknownError'))
      },
    })
    expect(await search.load(DIRECTORY, [])).toEqual([])
    expect(looked).toBe(0)
    await shop.quiet()
    expect(looked).toBe(1)
    expect(await shop.kept()).toBeNull()
    await expect(
      localSearch(shop.profile, { readDirectory: () => Promise.reject(new Error('again')) }).load(
        DIRECTORY,
        [],
      ),
    ).rejects.toThrow('cannot be read')
  })

  it('S15: a row that is damaged is found once it is quiet, set aside, fetched again, and staff are told', async () => {
    const shop = await shopWithCopy()
    await shop.close()
    await damage(shop, 'Bo')
    const { book, notice } = await shop.window(0)
    expect(shop.profile.fullReads).toBe(1)
    expect(notice.setAside).toBe(0)
    const told: number[] = []
    book.watchSetAside((count) => told.push(count))
    await shop.quiet()
    await expect.poll(() => told).toEqual([1])
    await expect.poll(() => titles(book)).toEqual(['Ana Ruiz', 'Bo', 'Cy', 'Di'])
    expect(shop.main.pulls.at(-1)).toMatchObject({ kind: 'list' })
    await shop.close()
    expect(await shop.compare()).toMatchObject({ fromCopy: true })
  })
})

async function damage(shop: Shop, givenName: string): Promise<void> {
  await rewrite(shop, 'customers', (row) =>
    (row['local'] as { givenName: string }).givenName === givenName ? { ...row, local: 'garbled' } : row,
  )
}
const meta = (shop: Shop, change: (old: Record<string, unknown>) => Record<string, unknown>) =>
  rewrite(shop, 'meta', change)

async function rewrite(
  { profile }: Shop,
  table: string,
  change: (old: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = profile.database.indexedDB.open(DIRECTORY)
    request.onerror = () => reject(new Error('not opened'))
    request.onsuccess = () => {
      const transaction = request.result.transaction(table, 'readwrite')
      const cursor = transaction.objectStore(table).openCursor()
      cursor.onsuccess = () => {
        cursor.result?.update(change(cursor.result.value as Record<string, unknown>))
        cursor.result?.continue()
      }
      transaction.oncomplete = () => {
        request.result.close()
        resolve()
      }
    }
  })
}

function quietConsole(): void {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
}
