import { nodeLogFs, type LogFd, type LogFs } from '#main/outbox/log-fs.ts'

export interface Fault {
  /** Which call fails, the first being 1; and every one after it where `lasting`, up to `through`. */
  readonly at: number
  readonly lasting?: boolean
  readonly through?: number
  readonly code: 'EIO' | 'ENOSPC' | 'EROFS'
  /** Only calls of this name count. */
  readonly only?: keyof LogFs | `fd.${keyof LogFd}`
}

/** The real file system, one call of which fails as disks do: a write after some of its bytes, a sync after all. */
export function faultyFs(fault: Fault | null): { readonly fs: LogFs; readonly calls: () => number } {
  let calls = 0
  function check(name: string): void {
    if (fault?.only !== undefined && fault.only !== name) return
    calls += 1
    if (
      fault &&
      (calls === fault.at ||
        (fault.lasting === true && calls > fault.at && calls <= (fault.through ?? Infinity)))
    ) {
      throw Object.assign(new Error(`${fault.code} at call ${calls} (${name})`), { code: fault.code })
    }
  }
  function guarded(fd: LogFd): LogFd {
    return {
      async write(bytes, position) {
        try {
          check('fd.write')
        } catch (error) {
          await fd.write(bytes.subarray(0, bytes.length >> 1), position)
          throw error
        }
        return fd.write(bytes, position)
      },
      async sync() {
        await fd.sync()
        check('fd.sync')
      },
      async truncate(length) {
        check('fd.truncate')
        await fd.truncate(length)
      },
      async size() {
        check('fd.size')
        return fd.size()
      },
      async close() {
        await fd.close()
        check('fd.close')
      },
    }
  }
  const fs: LogFs = {
    async list(folder) {
      check('list')
      return nodeLogFs.list(folder)
    },
    async read(file) {
      check('read')
      return nodeLogFs.read(file)
    },
    async makeFolder(folder) {
      check('makeFolder')
      await nodeLogFs.makeFolder(folder)
    },
    async create(file) {
      check('create')
      return guarded(await nodeLogFs.create(file))
    },
    async open(file) {
      check('open')
      return guarded(await nodeLogFs.open(file))
    },
    async write(file, bytes) {
      check('write')
      await nodeLogFs.write(file, bytes)
    },
    async remove(file) {
      check('remove')
      await nodeLogFs.remove(file)
    },
    async syncFolder(folder) {
      await nodeLogFs.syncFolder(folder)
      check('syncFolder')
    },
  }
  return { fs, calls: () => calls }
}

/** A file system whose writes take at most so many bytes at a time. */
export function shortWrites(most: number): LogFs {
  const short = (fd: LogFd): LogFd => ({
    ...fd,
    write: (bytes, position) => fd.write(bytes.subarray(0, most), position),
  })
  return {
    ...nodeLogFs,
    create: async (file) => short(await nodeLogFs.create(file)),
    open: async (file) => short(await nodeLogFs.open(file)),
  }
}
