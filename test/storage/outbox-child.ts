/**
 * A process that promises as fast as it can, for tests that end it: `node <this> <folder> <run> <sync|relaxed> [most]`.
 * Each promise that was acknowledged is a line `ack <id>` on stdout, each that was not `no <id> <reason>`; after `most`
 * of them, or at the first one refused where `most` is negative, it ends by itself. `relaxed` leaves out every sync.
 */
import { writeSync } from 'node:fs'
import { createLogFile } from '#main/outbox/log-file.ts'
import { nodeLogFs, type LogFd, type LogFs } from '#main/outbox/log-fs.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { createOp, STORE } from '../support/builders.ts'

const [folder = '', run = '', durability = 'sync', most = '1000000'] = process.argv.slice(2)
const say = (line: string): void => void writeSync(1, `${line}\n`)
const LANES = 4

function unsynced(fd: LogFd): LogFd {
  return { ...fd, sync: async () => {} }
}
const relaxedFs: LogFs = {
  ...nodeLogFs,
  create: async (file) => unsynced(await nodeLogFs.create(file)),
  open: async (file) => unsynced(await nodeLogFs.open(file)),
  syncFolder: async () => {},
}

async function main(): Promise<void> {
  const opened = await openOutbox({
    storage: createLogFile({ folder, fs: durability === 'relaxed' ? relaxedFs : nodeLogFs }),
    store: STORE,
    machineId: 'this-pc',
    newId: () => crypto.randomUUID(),
    freeBytes: async () => null,
    log: { info() {}, warn() {}, error() {} },
    compactAfter: 60,
  })
  if (opened.kind === 'refused') return say(`refused ${opened.reason}`)
  const { outbox } = opened
  let mirror = { store: STORE, generation: 0, lastSeq: 0 }
  const follow = async () => {
    const { generation, through } = await outbox.since(mirror)
    mirror = { store: STORE, generation, lastSeq: through }
  }
  await follow()
  say('open')
  let count = 0
  let refused = false
  const left = () => count < Math.abs(Number(most)) && !(Number(most) < 0 && refused)

  async function promise(): Promise<void> {
    while (left()) {
      const n = ++count
      const id = `${run}-${n}`
      const op = createOp(id, `L-${id}`, { givenName: `Ann ${n}`, note: 'x'.repeat((n * 37) % 900) })
      const result = await outbox.append([{ kind: 'queue', op, replaces: [] }], mirror)
      if (result.kind === 'appended') say(`ack ${id}`)
      else {
        refused = true
        say(
          `no ${id} ${'reason' in result ? result.reason : 'refusal' in result ? result.refusal : result.kind}`,
        )
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      // Some are settled, as the engine would, so that the log is compacted while promises are made.
      if (n % 3 !== 0)
        await outbox.write([{ kind: 'answered', opId: id, attempt: 0, answer: { kind: 'gone' } }])
      if (n % 10 === 0) await follow()
    }
  }
  await Promise.all(Array.from({ length: LANES }, promise))
  await outbox.close()
  say('end')
}

void main()
