// Makes every icon file from build/icon.svg: node build/icons.mjs. The results are kept in the repository, so that
// packaging converts and downloads nothing; run it again after changing the drawing.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findBrowser } from './browser.mjs'
import { icnsFile, icoFile } from './icon-files.mjs'

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 256]
const MAC_SIZES = [32, 64, 128, 256, 512, 1024]

const root = fileURLToPath(new URL('..', import.meta.url))
const svg = await readFile(new URL('icon.svg', import.meta.url), 'utf8')
// macOS leaves room around the shape of an icon.
const macSvg = svg.replace('viewBox="0 0 1024 1024"', 'viewBox="-124 -124 1272 1272"')

const browser = await findBrowser({ root })
if (browser.kind === 'none') {
  console.error(browser.message)
  process.exit(1)
}
const chrome = await chromium.launch({
  executablePath: browser.path,
  env: { ...process.env, ...browser.env },
  args: ['--no-sandbox'],
})
const page = await chrome.newPage()

/** The drawing in that size, as PNG and as raw RGBA. */
async function draw(/** @type {string} */ source, /** @type {number} */ size) {
  const { png, rgba } = await page.evaluate(
    async ({ source, size }) => {
      const image = new Image()
      const sized = source.replace('<svg ', `<svg width="${size}" height="${size}" `)
      image.src = `data:image/svg+xml,${encodeURIComponent(sized)}`
      await image.decode()
      const canvas = new OffscreenCanvas(size, size)
      const context = canvas.getContext('2d')
      context.drawImage(image, 0, 0, size, size)
      const blob = await canvas.convertToBlob({ type: 'image/png' })
      return {
        png: [...new Uint8Array(await blob.arrayBuffer())],
        rgba: [...context.getImageData(0, 0, size, size).data],
      }
    },
    { source, size },
  )
  return { size, png: Buffer.from(png), rgba: Buffer.from(rgba) }
}
const drawAll = async (/** @type {string} */ source, /** @type {number[]} */ sizes) => {
  const images = []
  for (const size of sizes) images.push(await draw(source, size))
  return images
}

try {
  await mkdir(new URL('icons/', import.meta.url), { recursive: true })
  for (const { size, png } of await drawAll(svg, LINUX_SIZES)) {
    await writeFile(new URL(`icons/${size}x${size}.png`, import.meta.url), png)
  }
  await writeFile(new URL('icon.ico', import.meta.url), icoFile(await drawAll(svg, WINDOWS_SIZES)))
  await writeFile(new URL('icon.icns', import.meta.url), icnsFile(await drawAll(macSvg, MAC_SIZES)))
  console.log('icons written to build/')
} finally {
  await chrome.close()
}
