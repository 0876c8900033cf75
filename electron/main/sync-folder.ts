import { open } from 'node:fs/promises'

/** What systems say whose folders cannot be synced, as some shared and network folders: not that something went wrong. */
const HAS_NO_SUCH_CALL: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF'])

/**
 * Makes the names in a folder durable, where the system can: Windows has no such call and journals names itself, some file
 * systems refuse it. Rejects where the disk failed.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    if (!HAS_NO_SUCH_CALL.has((error as NodeJS.ErrnoException).code)) throw error
  } finally {
    await handle.close()
  }
}
