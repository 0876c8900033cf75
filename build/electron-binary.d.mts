export function installedElectron(root: string): string | undefined
export function electronVersion(root: string): string
export function reachElectron(root: string): Promise<number | undefined>
export function fetchElectron(
  root: string,
  options: { readonly size: number; readonly tell: (line: string) => void },
): Promise<{ kind: 'fetched'; path: string } | { kind: 'failed'; why: string }>
