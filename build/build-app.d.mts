export type BuildOutcome =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'built' }
  | { readonly kind: 'failed'; readonly output: string }

export function buildIfStale(root: string, tell: (line: string) => void): Promise<BuildOutcome>
