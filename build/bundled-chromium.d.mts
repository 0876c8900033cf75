import type { BrowserAnswer, UnpackQuestion } from './browser.mjs'

export function unpackBundledChromium(question: UnpackQuestion): Promise<BrowserAnswer>
