import '#renderer/main.css'
import { createCounterfoil } from '#renderer/create-app.ts'
import { installIcons } from '#renderer/theme/icons.ts'
import { installTrustedTypes } from '#renderer/trusted-types.ts'
import { createFakeBook } from '../../support/fake-book.ts'
import { createScreenBridge } from '../../support/screen-bridge.ts'
import { PEOPLE } from './people.ts'
import { play } from './scenes.ts'

/** `?scene=…` chooses what the fake book holds; the rest is the real window. */
const scene = new URLSearchParams(location.search).get('scene') ?? 'day'
const NOW = new Date().toISOString()
const book = createFakeBook({ customers: scene === 'empty' ? [] : PEOPLE, now: NOW })
const bridge = createScreenBridge({
  onCommand(command) {
    if (command.kind === 'line' && command.up) setTimeout(() => book.arrive(), 300)
  },
})
play(scene, book, bridge)
Object.assign(globalThis, { preview: { book, bridge } })

installTrustedTypes()
installIcons()
createCounterfoil({
  bridge: bridge.bridge,
  bookFor: () => book,
  newId: () => crypto.randomUUID(),
  wallIso: () => new Date().toISOString(),
  keptDirectory: () => Promise.resolve({ kept: true, bytes: 48_300_000 }),
  onFault: (where, error) => console.error(where, error),
}).mount('#app')
