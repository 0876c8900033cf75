import { defineConfig } from '@playwright/test'
import { availableParallelism } from 'node:os'

/** The built app, driven through Electron's own protocol: on Electron where it is there, else on the stand-in. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  // Each app has a profile, a Square and a port of its own, and mostly waits; more than two disturb each other's clocks.
  workers: Math.min(2, availableParallelism()),
  // A shared machine may stall one test; what needs its second try is listed as flaky, and twice red is red.
  retries: process.env['CI'] ? 1 : 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json']],
  outputDir: 'test-results',
})
