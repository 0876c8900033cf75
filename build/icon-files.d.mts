export interface IconImage {
  readonly size: number
  readonly png: Buffer
  readonly rgba: Buffer
}
export function icoFile(images: readonly IconImage[]): Buffer
export function icnsFile(images: readonly IconImage[]): Buffer
