export function newestChange(path: string): number | undefined
export function isStale(
  sources: readonly string[],
  results: readonly string[],
  changeOf?: (path: string) => number | undefined,
): boolean
