import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ROOT } from '../e2e/support/runtime.ts'
import type { DrainMemory } from './drain-memory.ts'
import type { Figure } from './figures.ts'

/** Of what lies in memory while all wait: the requests under way, the answers and the log that is compacted beside them. */
const MOST = 1.6

/** Main's memory while ten thousand edits drain, by a process of its own: only there nothing else is counted. */
export async function measureDrain(): Promise<Figure[]> {
  const child = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', 'test/bench/drain-memory.ts'],
    { cwd: ROOT },
  )
  const told = JSON.parse(child.stdout.trim().split('\n').at(-1)!) as DrainMemory
  const benchmark = `memory of main, ${told.customers} edits drain`
  const mb = (name: string, value: number): Figure => ({ benchmark, name, value, unit: 'MB' })
  return [
    mb('before', told.before),
    mb('all waiting', told.waiting),
    mb('at most while they drain', told.most),
    mb('after', told.after),
    {
      benchmark,
      name: 'at most : all waiting',
      value: told.most / told.waiting,
      unit: '×',
      budget: { atMost: MOST },
    },
    {
      benchmark,
      name: 'after : all waiting',
      value: told.after / told.waiting,
      unit: '×',
      budget: { atMost: 1 },
    },
  ]
}
