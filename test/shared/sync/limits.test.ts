import { expect, it } from 'vitest'
import { KEY_SAFE_MS, LAG_WAIT_MS, SEARCH_MARGIN_MS } from '#shared/sync/limits.ts'
import { INITIAL_SYNC_STATE } from '#shared/sync/sync-state.ts'

it('S9 the constants are those the rules name', () => {
  expect({ KEY_SAFE_MS, LAG_WAIT_MS, SEARCH_MARGIN_MS }).toEqual({
    KEY_SAFE_MS: 600_000,
    LAG_WAIT_MS: 330_000,
    SEARCH_MARGIN_MS: 60_000,
  })
})

it('S20 nothing is being sent before anything is known', () => {
  expect(INITIAL_SYNC_STATE).toMatchObject({ paused: { kind: 'starting' }, sending: [], store: null })
})
