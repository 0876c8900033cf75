import { dirname } from 'node:path'
import type { LogFd, LogFs } from '#main/outbox/log-fs.ts'

interface MemoryFile {
  /** What the running system shows. */
  cached: Buffer
  /** What a power cut leaves for certain. */
  durable: Buffer
  nameDurable: boolean
}

/**
 * A disk that keeps only what was synced: a power cut may take anything else, or leave a part of it. `random` decides.
 * The power goes at the call with the number given to `cutAt`; every call after it is refused.
 */
export function memoryDisk(random: () => number) {
  let files = new Map<string, MemoryFile>()
  /** Removed, but not for certain. */
  let removed = new Map<string, MemoryFile>()
  let calls = 0
  let last = Infinity

  function call(): void {
    calls += 1
    if (calls > last) throw Object.assign(new Error('no power'), { code: 'EIO' })
  }
  function fileAt(path: string): MemoryFile {
    const file = files.get(path)
    if (!file) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
    return file
  }
  function fdOf(file: MemoryFile): LogFd {
    return {
      async write(bytes, position) {
        call()
        const taken = bytes.subarray(0, Math.max(1, Math.ceil(random() * bytes.length)))
        const grown = Buffer.alloc(Math.max(file.cached.length, position + taken.length))
        file.cached.copy(grown)
        grown.set(taken, position)
        file.cached = grown
        return taken.length
      },
      async sync() {
        call()
        file.durable = file.cached
      },
      async truncate(length) {
        call()
        file.cached = file.cached.subarray(0, length)
      },
      async size() {
        call()
        return file.cached.length
      },
      close: async () => {},
    }
  }

  const fs: LogFs = {
    async list(folder) {
      call()
      return [...files.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1))
    },
    async read(path) {
      call()
      return fileAt(path).cached
    },
    async makeFolder() {
      call()
    },
    async create(path) {
      call()
      if (files.has(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' })
      const file = { cached: Buffer.alloc(0), durable: Buffer.alloc(0), nameDurable: false }
      files.set(path, file)
      return fdOf(file)
    },
    async open(path) {
      call()
      return fdOf(fileAt(path))
    },
    async write(path, bytes) {
      call()
      const content = Buffer.from(bytes)
      files.set(path, { cached: content, durable: content, nameDurable: false })
    },
    async remove(path) {
      call()
      const file = files.get(path)
      if (file) removed.set(path, file)
      files.delete(path)
    },
    async syncFolder(folder) {
      call()
      for (const [path, file] of files) if (dirname(path) === folder) file.nameDurable = true
      removed = new Map()
    },
  }

  /** A part of what was written since the last sync, its middle perhaps not filled. */
  function leftOf({ cached, durable }: MemoryFile): Buffer {
    if (cached.length <= durable.length) return random() < 0.5 ? cached : durable
    const left = Buffer.from(
      cached.subarray(0, durable.length + Math.floor(random() * (cached.length - durable.length + 1))),
    )
    if (random() < 0.3) left.fill(0, durable.length + Math.floor(random() * (left.length - durable.length)))
    return left
  }

  return {
    fs,
    cutAt(call: number): void {
      last = calls + call
    },
    /** True once the power is gone: answers given after that were given by nobody. */
    isDead: () => calls > last,
    restart(): void {
      const survivors = new Map<string, MemoryFile>()
      for (const [path, file] of [...files, ...removed]) {
        const isThere = files.has(path) ? file.nameDurable || random() < 0.5 : random() < 0.5
        if (!isThere) continue
        const content = leftOf(file)
        survivors.set(path, { cached: content, durable: content, nameDurable: true })
      }
      files = survivors
      removed = new Map()
      last = Infinity
    },
  }
}
