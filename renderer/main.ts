import { readAhead } from './search/read-ahead.ts'
import { installTrustedTypes } from './trusted-types.ts'

// Small, so that it runs while the app itself is still being fetched and compiled.
installTrustedTypes()
readAhead()
void import('./window.ts')
// The browser reads its tables of dates with the first one that is written: now, while nothing else can be done.
new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format()
