import { mustRunWithoutSandbox } from '../../../../build/browser.mjs'

// Quiet: nothing is fetched, reported or offered behind the app's back.
const ALWAYS = [
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-popup-blocking',
  '--disable-quic',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--hide-crash-restore-bubble',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
]
// Switches of the app that the stand-in deals with itself, or that would change which browser it is talking to.
const NOT_PASSED_ON = new Set([
  'disable-features',
  'enable-features',
  'headless',
  'no-sandbox',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'user-data-dir',
])

/** Chromium's command line for an app with these switches; `profile` is where it keeps IndexedDB. */
export function chromiumArguments(options: {
  readonly profile: string
  readonly headless: boolean
  readonly switches: ReadonlyMap<string, string>
  readonly withoutSandbox?: boolean
}): string[] {
  const { profile, headless, switches } = options
  const withoutSandbox = options.withoutSandbox ?? (switches.has('no-sandbox') || mustRunWithoutSandbox())
  const port = switches.get('remote-debugging-port')
  const given = [...switches]
    .filter(([name]) => !NOT_PASSED_ON.has(name))
    .map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`))
  return [
    ...new Set([
      ...ALWAYS,
      ...(headless ? ['--headless', '--disable-gpu', '--mute-audio'] : []),
      ...(withoutSandbox ? ['--no-sandbox'] : []),
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
      ...given,
      `--user-data-dir=${profile}`,
    ]),
  ]
}
