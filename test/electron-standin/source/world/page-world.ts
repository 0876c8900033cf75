import { createBridgeHalf } from './context-bridge.ts'
import type { WorldConfig } from './messages.ts'

declare const STANDIN: WorldConfig

// Injected into the page's own world before any script of the page: the half of contextBridge that receives.
if (window.top === window) createBridgeHalf(STANDIN.toPage, STANDIN.toIsolated)
