import type { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

/** Electron's own objects: the stand-in's are smaller, so where Electron hands one out its type is not compared. */
type Live =
  | Electron.BrowserWindow
  | Electron.CommandLine
  | Electron.IpcMain
  | Electron.Menu
  | Electron.MenuItem
  | Electron.Protocol
  | Electron.Session
  | Electron.WebContents
  | Electron.WebFrameMain
  | Electron.WebRequest
type Loose<T> = [Exclude<T, null | undefined>] extends [Live | Live[]] ? unknown : T

type LooseArgs<Args extends readonly unknown[]> = {
  [At in keyof Args]: [Exclude<Args[At], null | undefined>] extends [Live] ? never : Args[At]
}

type Fits<Ours, Theirs> = [Theirs] extends [(...args: infer Args) => infer Result]
  ? [Ours] extends [(...args: LooseArgs<Args>) => Loose<Result>]
    ? true
    : false
  : [Ours] extends [Loose<Theirs>]
    ? true
    : false

/** What both take from Node. */
export type Inherited = keyof EventEmitter | keyof typeof EventEmitter

/**
 * The names of members that Electron does not have, or that could not be used as electron.d.ts says: never, if all is
 * well. Listening to events is left out: Node's EventEmitter provides it in both.
 */
export type Misfits<Ours, Theirs, Key extends keyof Ours = Exclude<keyof Ours, Inherited>> = {
  [K in Key]: K extends keyof Theirs ? (Fits<Ours[K], Theirs[K]> extends true ? never : K) : K
}[Key]

/** Accepts only the empty set of names; the error shows the others. */
export type None<Names extends never> = Names
