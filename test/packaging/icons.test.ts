import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { icnsFile, icoFile } from '../../build/icon-files.mjs'

const file = (path: string) => readFileSync(new URL(`../../build/${path}`, import.meta.url))
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const sizeOfPng = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)]

function entriesOfIco(ico: Buffer) {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, i) => {
    const at = 6 + 16 * i
    const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)]
    return {
      size: ico.readUInt8(at) || 256,
      content: ico.subarray(offset, offset + length),
      end: offset + length,
    }
  })
}
function entriesOfIcns(icns: Buffer) {
  const entries: { type: string; png: Buffer }[] = []
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    entries.push({
      type: icns.toString('latin1', at, at + 4),
      png: icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)),
    })
  }
  return entries
}

describe('the icons', () => {
  it('Windows finds every size it draws, the largest of 256', () => {
    const entries = entriesOfIco(file('icon.ico'))
    expect(entries.map((entry) => entry.size)).toEqual([16, 20, 24, 32, 40, 48, 64, 256])
    expect(entries.at(-1)!.end).toBe(file('icon.ico').length)
    for (const { size, content } of entries) {
      if (size === 256) expect(sizeOfPng(content)).toEqual([256, 256])
      else
        expect([content.readUInt32LE(0), content.readInt32LE(4), content.readInt32LE(8)]).toEqual([
          40,
          size,
          size * 2,
        ])
    }
  })

  it('macOS finds PNGs of the sizes their names promise', () => {
    const sizes: Record<string, number> = {
      ic11: 32,
      ic12: 64,
      ic07: 128,
      ic13: 256,
      ic08: 256,
      ic14: 512,
      ic09: 512,
      ic10: 1024,
    }
    const entries = entriesOfIcns(file('icon.icns'))
    expect(entries.map((entry) => entry.type).sort()).toEqual(Object.keys(sizes).sort())
    for (const { type, png } of entries)
      expect([type, ...sizeOfPng(png)]).toEqual([type, sizes[type], sizes[type]])
  })

  it.each([16, 24, 32, 48, 64, 128, 256, 512])('Linux finds %d pixels', (size) => {
    expect(sizeOfPng(file(`icons/${size}x${size}.png`))).toEqual([size, size])
  })
})

describe('icon containers', () => {
  const red = { size: 1, png: Buffer.concat([PNG]), rgba: Buffer.from([255, 1, 2, 200]) }
  it('write a small Windows image as blue, green, red, alpha', () => {
    const [entry] = entriesOfIco(icoFile([red]))
    expect([...entry!.content.subarray(40, 44)]).toEqual([2, 1, 255, 200])
    expect(entry!.content).toHaveLength(40 + 4 + 4)
  })
  it('write bitmaps bottom row first', () => {
    const rgba = Buffer.from([10, 0, 0, 255, 20, 0, 0, 255, 30, 0, 0, 255, 40, 0, 0, 255])
    const [entry] = entriesOfIco(icoFile([{ size: 2, png: PNG, rgba }]))
    expect([2, 6, 10, 14].map((i) => entry!.content[40 + i])).toEqual([30, 40, 10, 20])
  })
  it('leave a size macOS has no name for out', () => {
    expect(icnsFile([{ ...red, size: 20 }])).toHaveLength(8)
  })
})
