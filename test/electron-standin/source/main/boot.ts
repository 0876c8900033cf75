/** What the command line and the app's package.json say; fixed before the app's code runs. */
export interface Boot {
  /** The folder of the app, and the file that Electron would load from it. */
  readonly appPath: string
  readonly mainFile: string
  readonly isModule: boolean
  readonly name: string
  readonly version: string
  /** The version of Electron that this stands in for. */
  readonly electronVersion: string
  /** The stand-in's executable. */
  readonly executable: string
  /** The project's folder, where the browser is looked for. */
  readonly root: string
  /** The folder of the bundled stand-in, with the scripts for the page. */
  readonly bundleFolder: string
  /** Chromium's command line switches, without the leading dashes. */
  readonly switches: Map<string, string>
}
