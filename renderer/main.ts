import { readAhead } from './search/read-ahead.ts'
import { installTrustedTypes } from './trusted-types.ts'

// Small, so that it runs while the app itself is still being fetched and compiled.
installTrustedTypes()
readAhead()
void import('./window.ts')
