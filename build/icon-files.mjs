// The containers in which Windows and macOS want their icons.

/**
 * @typedef {{ readonly size: number, readonly png: Buffer, readonly rgba: Buffer }} IconImage
 */

/**
 * A Windows icon. Small sizes are bitmaps, which every tool reads; 256 is a PNG, as Windows itself does it.
 * @param {readonly IconImage[]} images
 * @returns {Buffer}
 */
export function icoFile(images) {
  const contents = images.map((image) => (image.size >= 256 ? image.png : bitmap(image)))
  const header = Buffer.alloc(6 + 16 * images.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  let offset = header.length
  for (const [i, content] of contents.entries()) {
    const { size } = images[i]
    const at = 6 + 16 * i
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(content.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += content.length
  }
  return Buffer.concat([header, ...contents])
}

/**
 * 32-bit bitmap, bottom row first, blue before red; the old one-bit mask behind it stays empty, alpha does the work.
 * @param {IconImage} image
 */
function bitmap({ size, rgba }) {
  const maskRow = Math.ceil(size / 32) * 4
  const bytes = Buffer.alloc(40 + size * size * 4 + maskRow * size)
  bytes.writeUInt32LE(40, 0)
  bytes.writeInt32LE(size, 4)
  bytes.writeInt32LE(size * 2, 8)
  bytes.writeUInt16LE(1, 12)
  bytes.writeUInt16LE(32, 14)
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4
      const to = 40 + ((size - 1 - y) * size + x) * 4
      bytes[to] = rgba[from + 2]
      bytes[to + 1] = rgba[from + 1]
      bytes[to + 2] = rgba[from]
      bytes[to + 3] = rgba[from + 3]
    }
  }
  return bytes
}

/** Apple's names for PNGs of a size; two of them where it is also the double of a smaller one. */
const ICNS_TYPES = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic13', 'ic08'],
  512: ['ic14', 'ic09'],
  1024: ['ic10'],
}

/**
 * A macOS icon.
 * @param {readonly IconImage[]} images
 * @returns {Buffer}
 */
export function icnsFile(images) {
  const entries = images.flatMap(({ size, png }) =>
    (ICNS_TYPES[size] ?? []).map((type) => Buffer.concat([chunkHead(type, png.length), png])),
  )
  const body = Buffer.concat(entries)
  return Buffer.concat([chunkHead('icns', body.length), body])
}

/** @param {string} type @param {number} length */
function chunkHead(type, length) {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(length + 8, 4)
  return head
}
