import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What this machine lets a test do; null: it does. */
export interface Limits {
  /** File systems of our own on a loop device: a full disk, a power cut. */
  readonly images: string | null
  /** `ulimit -f`: the next best way to a write that fails. */
  readonly fileSizes: string | null
}

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' })

/** Found out by trying, once. */
export const limits: Limits = findLimits()

/** At the end of the title of a test that is skipped here: why. */
export function because(limit: string | null): string {
  return limit === null ? '' : ` (not here: ${limit})`
}

function findLimits(): Limits {
  const fileSizes = process.platform === 'win32' ? 'Windows has no limit on the size of a file' : null
  if (process.platform !== 'linux') return { images: `${process.platform} has no loop devices`, fileSizes }
  if (process.getuid?.() !== 0) return { images: 'mounting an image needs root', fileSizes }
  try {
    const disk = createDisk(4)
    disk.remove()
    return { images: null, fileSizes }
  } catch (error) {
    return { images: `no loop device here (${(error as Error).message.split('\n')[0]})`, fileSizes }
  }
}

/** A disk of its own: an ext4 image on a loop device. */
export interface Disk {
  readonly folder: string
  /** The disk as it is at this instant, mounted anew: what a power cut would have left. */
  copy(): Disk
  remove(): void
}

/** Makes such a disk; throws where this machine cannot. */
export function createDisk(megabytes: number): Disk {
  const base = mkdtempSync(join(tmpdir(), 'counterfoil-disk-'))
  const image = join(base, 'image')
  run('truncate', '-s', `${megabytes}M`, image)
  // A commit a minute: what was not synced is still in memory when the power goes.
  run('mkfs.ext4', '-q', '-F', '-m', '0', image)
  return mounted(base, image)
}

function mounted(base: string, image: string): Disk {
  const folder = join(base, 'mnt')
  mkdirSync(folder)
  try {
    run('mount', '-o', 'loop,commit=60', image, folder)
  } catch (error) {
    rmSync(base, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    copy() {
      const other = mkdtempSync(join(tmpdir(), 'counterfoil-disk-'))
      // Holes stay holes: a disk that is large and empty is copied in a moment.
      run('cp', '--sparse=always', image, join(other, 'image'))
      return mounted(other, join(other, 'image'))
    },
    remove() {
      run('umount', folder)
      rmSync(base, { recursive: true, force: true })
    },
  }
}
