import type { Draft, RecordBody } from '#shared/outbox/record.ts'
import type { LogSnapshot, LogState } from '#shared/outbox/log-state.ts'
import type { AppendResult, Batch, MirrorPosition } from '#shared/ipc/contract.ts'

/** The outbox as its users see it: IPC (`append`, `since`) and the engine (`state`, `write`). */
export interface Outbox {
  /**
   * Checks the drafts against the log (S4, S12) and writes them as one batch; answers with what the mirror lacks. A log
   * that lacks what this mirror has takes nothing before `restore` (S20).
   */
  append(drafts: readonly Draft[], mirror: MirrorPosition): Promise<AppendResult>
  /** Fsynced records the mirror lacks; also tells the engine that a mirror has reported (S20). */
  since(mirror: MirrorPosition): Promise<Batch>
  /** Gives a log that lost its tail the mirror's open operations back, all as copied; a new generation begins (S20). */
  restore(mirror: MirrorPosition, state: LogSnapshot): Promise<Batch>
  /** The fold of the log, fsynced or not. Read it again after every await. */
  state(): LogState
  /** The engine's door: appends as they are. False: not durable, nothing may be done in its name. */
  write(records: readonly RecordBody[]): Promise<boolean>
  /** True once a mirror has said (generation, lastSeq): before that nothing is sent. */
  mirrorReported(): boolean
  /** The log lacks something, and this disk did not take the log that would be whole: nothing is promised to it (S20). */
  cannotBeMadeWhole(): boolean
  /** Called after records became durable. Returns the function that stops listening. */
  onChanged(listener: (seq: number) => void): () => void
  close(): Promise<void>
}
