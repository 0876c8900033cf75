import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultFacts } from '#shared/fault.ts'
import type { DirectoryReport, RepairResult } from '#shared/storage.ts'
import type { Log } from '#shared/ports.ts'
import { writeAtomically } from './atomic-file.ts'

/** What was done for a directory that the browser cannot open; each step is tried once until it opens again. */
type Step = 'restarted' | 'move-aside' | 'moved'
const STEPS: readonly string[] = ['restarted', 'move-aside', 'moved'] satisfies Step[]

export interface RepairOptions {
  readonly file: string
  /** The folder below which the browser keeps its databases. */
  readonly sessionData: string
  readonly log: Log
  readonly rename?: (from: string, to: string) => void
}

/**
 * Before the browser starts: puts its databases aside where that is the next step (S25). They are renamed, never deleted;
 * what they held is built again from the log and from Square.
 */
export function moveAsideIfDue({ file, sessionData, log, rename = renameSync }: RepairOptions): void {
  if (stepIn(file) !== 'move-aside') return
  let moved = 0
  try {
    // Remembered first: what is built from here on is not put aside again.
    writeFileSync(file, stepText('moved'), { mode: 0o600 })
    for (const folder of databaseFolders(sessionData)) {
      rename(folder, freeName(folder))
      moved += 1
    }
    log.warn('directory.moved-aside')
  } catch (error) {
    log.error('directory.not-moved', faultFacts(error))
    // Windows renames no folder while a backup reads in it: the next start tries it again.
    if (moved === 0) tryAgainNextTime(file)
  }
}

function tryAgainNextTime(file: string): void {
  try {
    writeFileSync(file, stepText('move-aside'), { mode: 0o600 })
  } catch {
    // Then it is not: staff are told as where it was put aside in vain.
  }
}

/**
 * What to do about a directory its window could or could not open (S25): first the app starts again, then its databases
 * are put aside, then nothing more. Nothing is put aside while the disk is full: that alone keeps it from opening.
 */
export async function repairDirectory(
  { file, log }: RepairOptions,
  report: DirectoryReport,
  hasRoom: boolean,
): Promise<RepairResult> {
  const step = stepIn(file)
  if (report.opened) {
    if (step !== null) rmSync(file, { force: true })
    return 'noted'
  }
  log.warn('directory.not-opened', { step })
  if (!hasRoom) return 'disk-low'
  if (step === 'moved' || step === 'move-aside') return 'tried'
  const next: Step = step === null ? 'restarted' : 'move-aside'
  // A step that is not remembered would be taken again and again.
  return writeAtomically(file, stepText(next)).then(
    () => 'restarting',
    () => 'tried',
  )
}

const stepText = (step: Step) => JSON.stringify({ step })

function stepIn(file: string): Step | null {
  try {
    const { step } = JSON.parse(readFileSync(file, 'utf8')) as { step?: unknown }
    return typeof step === 'string' && STEPS.includes(step) ? (step as Step) : null
  } catch {
    return null
  }
}

/** Chromium calls it IndexedDB; where it lies below the profile is its own affair. */
function databaseFolders(sessionData: string): string[] {
  const found: string[] = []
  const look = (folder: string, depth: number) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.name === 'IndexedDB') found.push(path)
      else if (entry.isDirectory() && depth > 0) look(path, depth - 1)
    }
  }
  look(sessionData, 2)
  return found
}

function freeName(folder: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${folder}.set-aside-${n}`)) return `${folder}.set-aside-${n}`
}
