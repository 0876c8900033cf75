export const STANDIN_INPUTS: readonly string[]
export const STANDIN_MARK: string
export function bundleStandin(): Promise<void>
