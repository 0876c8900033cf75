import { expect, test, type Locator } from '@playwright/test'
import { EVENT_CHANNELS, INVOKE_CHANNELS } from '#shared/ipc/contract.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { DELETIONS_A_MINUTE } from '#main/ipc/deletion-limit.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchApp, newProfile } from './support/app.ts'
import { bookPage, connect } from './support/book.ts'
import { startHttpProbe, type HttpProbe } from './support/http-probe.ts'
import { paletteOf } from './support/palette.ts'
import { shareApp } from './support/shared-app.ts'
import { startSquare } from './support/square.ts'
import { databasesOf, filesWith, holds, memoryOf, processTexts } from './support/traces.ts'

const shared = shareApp([{ given_name: 'Karin', phone_number: '+12065550601' }])
let outside: HttpProbe
test.beforeAll(async () => {
  outside = await startHttpProbe()
  // It does hear whoever calls; from here on nobody may.
  await fetch(outside.url)
  expect(outside.requests()).toEqual(['GET /'])
  outside.forget()
})
test.afterAll(() => outside.close())
test.afterEach(async () => {
  expect(outside.requests()).toEqual([])
  expect(await shared.page.evaluate(() => document.body.innerText)).toContain('Karin')
})

test('the page has the functions of the contract and nothing else', async () => {
  const shape = await shared.page.evaluate(() => {
    const { counterfoil } = globalThis as unknown as { counterfoil: Record<string, Record<string, unknown>> }
    const kinds = Object.values(counterfoil).flatMap((group) => Object.values(group).map((one) => typeof one))
    return {
      groups: Object.keys(counterfoil).sort(),
      invoke: Object.keys(counterfoil['invoke'] ?? {}).sort(),
      on: Object.keys(counterfoil['on'] ?? {}).sort(),
      kinds: [...new Set(kinds)],
      node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    }
  })
  expect(shape).toEqual({
    groups: ['invoke', 'on'],
    invoke: [...INVOKE_CHANNELS].sort(),
    on: [...EVENT_CHANNELS].sort(),
    kinds: ['function'],
    node: [],
  })
})

test('the bridge cannot be replaced by the page', async () => {
  const same = await shared.page.evaluate(() => {
    const holder = globalThis as unknown as { counterfoil: { invoke: Record<string, unknown> } }
    const before = holder.counterfoil.invoke['outbox:append']
    try {
      holder.counterfoil.invoke['outbox:append'] = () => 'mine'
    } catch {
      // Frozen: an error in strict code.
    }
    try {
      Object.assign(holder, { counterfoil: {} })
    } catch {
      // Not writable.
    }
    return holder.counterfoil.invoke['outbox:append'] === before
  })
  expect(same).toBe(true)
})

test('the policy is in the header and allows nothing unsafe', async () => {
  const { page } = shared
  const policy = await page.evaluate(async () => {
    const request = new XMLHttpRequest()
    return new Promise<string>((resolve) => {
      // connect-src is closed to the page itself; what the document came with is told by what it blocks.
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.originalPolicy), {
        once: true,
      })
      request.open('GET', '/index.html')
      request.send()
    })
  })
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'none'")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).not.toContain('unsafe')
})

for (const mode of ['light', 'dark'] as const)
  test(`under that policy the colours are the design's, and every icon of the bar is drawn: ${mode}`, async () => {
    const { page } = shared
    const token = paletteOf(mode)
    await page.emulateMedia({ colorScheme: mode })
    await expect(page.locator(`html.${mode}`)).toBeAttached()
    const colours = (target: Locator) =>
      target.evaluate((one) => {
        const { color, backgroundColor } = getComputedStyle(one)
        return { color, backgroundColor }
      })
    expect(await colours(page.locator('body'))).toEqual({
      color: token('--ui-text'),
      backgroundColor: token('--ui-bg'),
    })
    const bar = page.getByRole('banner')
    expect((await colours(bar)).backgroundColor).toBe(token('--app-bar'))
    const words = bar.getByRole('status').locator('p').first()
    expect((await colours(words)).color).toBe(token('--ui-text-highlighted'))
    const main = bar.getByRole('button', { name: 'New customer' })
    await page.mouse.move(0, 0)
    await expect
      .poll(() => colours(main))
      .toEqual({ color: token('--ui-text-inverted'), backgroundColor: token('--ui-primary') })
    const icons = await bar.locator('svg, .iconify').all()
    expect(icons.length).toBeGreaterThanOrEqual(5)
    for (const icon of icons) {
      const clip = (await icon.boundingBox()) ?? noBox()
      const drawn = await page.screenshot({ clip })
      await icon.evaluate((one: HTMLElement | SVGElement) => (one.style.visibility = 'hidden'))
      const without = await page.screenshot({ clip })
      await icon.evaluate((one: HTMLElement | SVGElement) => (one.style.visibility = ''))
      expect(drawn.equals(without), await icon.evaluate((one) => one.outerHTML)).toBe(false)
      const shape = await icon.evaluate((one) => ({
        paths: [...one.querySelectorAll('path, circle, rect, line')].length,
        mask: getComputedStyle(one).maskImage,
      }))
      expect(shape.paths > 0 || /^url\(/.test(shape.mask)).toBe(true)
    }
    await page.emulateMedia({ colorScheme: null })
  })

test('no window and no frame', async () => {
  const { page, running } = shared
  await page.evaluate((url) => {
    window.open(url)
    window.open('about:blank')
    const link = document.createElement('a')
    link.href = url
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.remove()
    const frame = document.createElement('iframe')
    frame.src = url
    document.body.append(frame)
    setTimeout(() => frame.remove(), 500)
  }, outside.url)
  await expect(page.locator('iframe')).toHaveCount(0)
  expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  await expect.poll(() => running.app.windows().length).toBe(1)
})

test('the page reaches nobody: fetch, XHR, sockets, beacons, images, styles, workers', async () => {
  const blocked = await shared.page.evaluate(async (url) => {
    const failed: string[] = []
    const note = (name: string) => () => void failed.push(name)
    await fetch(url).catch(note('fetch'))
    await new Promise<void>((resolve) => {
      const request = new XMLHttpRequest()
      request.onerror = () => (note('xhr')(), resolve())
      request.onload = () => resolve()
      request.open('GET', url)
      request.send()
    })
    await new Promise<void>((resolve) => {
      try {
        const socket = new WebSocket(url.replace('http', 'ws'))
        socket.onerror = () => (note('socket')(), resolve())
        socket.onopen = () => resolve()
      } catch {
        note('socket')()
        resolve()
      }
    })
    await new Promise<void>((resolve) => {
      const image = new Image()
      image.onerror = () => (note('image')(), resolve())
      image.onload = () => resolve()
      image.src = `${url}/image.png`
    })
    await new Promise<void>((resolve) => {
      const style = document.createElement('link')
      style.rel = 'stylesheet'
      style.onerror = () => (note('style')(), resolve())
      style.onload = () => resolve()
      style.href = `${url}/style.css`
      document.head.append(style)
    })
    try {
      navigator.sendBeacon(url, 'x')
    } catch {
      // Refused at once: as good as not sent.
    }
    return failed
  }, outside.url)
  expect(blocked).toEqual(['fetch', 'xhr', 'socket', 'image', 'style'])
})

test('no text becomes code: eval, new Function, inline scripts, handlers and javascript: addresses', async () => {
  const ran = await shared.page.evaluate(async () => {
    // What the test driver runs may call eval; what the page runs later may not.
    await new Promise((resolve) => setTimeout(resolve))
    const marks: string[] = []
    Object.assign(globalThis, { mark: (name: string) => marks.push(name) })
    // The forbidden things themselves: this test is the proof that they are dead here.
    const tries: (() => void)[] = [
      // eslint-disable-next-line no-eval -- that it fails is what is tested
      () => (0, eval)('mark("eval")'),
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the same
      () => new Function('mark("function")')(),
      // eslint-disable-next-line no-implied-eval -- the same
      () => setTimeout('mark("timer")' as unknown as () => void),
      () => {
        const script = document.createElement('script')
        script.textContent = 'mark("inline")'
        document.head.append(script)
      },
      () => {
        const box = document.createElement('div')
        box.innerHTML = '<img src=x onerror=mark("handler")>'
        document.body.append(box)
      },
      () => {
        const box = document.createElement('button')
        box.setAttribute('onclick', 'mark("attribute")')
        document.body.append(box)
        box.click()
        box.remove()
      },
      () => {
        location.href = 'javascript:mark("address")'
      },
    ]
    for (const attempt of tries) {
      try {
        attempt()
      } catch {
        // Refused with an error: the strictest answer.
      }
    }
    return new Promise<string[]>((resolve) => setTimeout(() => resolve(marks), 300))
  })
  expect(ran).toEqual([])
})

test('a frame inside the page has no bridge and no door to main', async () => {
  const { page } = shared
  const seen = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const frame = document.createElement('iframe')
        frame.sandbox.add('allow-scripts', 'allow-same-origin')
        frame.src = 'about:blank'
        frame.onload = () => {
          const inner = frame.contentWindow as unknown as Record<string, unknown> | null
          let answer: string
          try {
            answer = inner === null ? 'no window' : typeof inner['counterfoil']
          } catch {
            answer = 'out of reach'
          }
          frame.remove()
          resolve(answer)
        }
        frame.onerror = () => resolve('blocked')
        document.body.append(frame)
        setTimeout(() => (frame.remove(), resolve('blocked')), 2000)
      }),
  )
  expect(['undefined', 'out of reach', 'blocked', 'no window']).toContain(seen)
})

test('main refuses what the contract does not allow, with a value and in its own words', async () => {
  const { page } = shared
  const refused = await page.evaluate(async () => {
    const { counterfoil } = globalThis as unknown as {
      counterfoil: { invoke: Record<string, (request: unknown) => Promise<unknown>> }
    }
    const answers: string[] = []
    const wrong: [string, unknown][] = [
      ['outbox:append', { drafts: 'all of them' }],
      ['directory:pull', { kind: 'list', cursor: 7 }],
      ['session:connect', { kind: 'token', environment: 'moon', token: 'x' }],
      ['app:info', { path: '/etc/passwd' }],
    ]
    for (const [channel, request] of wrong) {
      try {
        await counterfoil.invoke[channel]?.(request)
        answers.push(`${channel} took it`)
      } catch {
        answers.push('refused')
      }
    }
    return answers
  })
  expect(refused).toEqual(['refused', 'refused', 'refused', 'refused'])
})

test('a page that deletes without end is stopped by a question of main’s own', async () => {
  const { page, running } = shared
  const remember = (answer: number) =>
    running.app.evaluate(({ dialog }, response) => {
      const asked: string[] = []
      Object.assign(globalThis, { asked })
      dialog.showMessageBox = (async (options: { message: string }) => {
        asked.push(options.message)
        return { response, checkboxChecked: false }
      }) as never
    }, answer)
  const askedFor = () =>
    running.app.evaluate(() => (globalThis as unknown as { asked: readonly string[] }).asked)
  const deleteMany = (count: number) =>
    page.evaluate(
      async ({ many, fields }) => {
        const { counterfoil } = globalThis as unknown as {
          counterfoil: { invoke: Record<string, (request: unknown) => Promise<unknown>> }
        }
        const ask = (channel: string, request: unknown) => counterfoil.invoke[channel]?.(request)
        const { store } = (await ask('session:state', null)) as { store: object }
        const answers: string[] = []
        for (let n = 0; n < many; n++) {
          const op = {
            kind: 'delete',
            id: crypto.randomUUID(),
            localId: crypto.randomUUID(),
            store,
            at: new Date().toISOString(),
            squareId: `NOBODY${n}`,
            basis: null,
            seen: { fields, groupIds: [], creationSource: 'DIRECTORY' },
          }
          const drafts = [{ kind: 'queue', op, replaces: [] }]
          const mirror = { store, generation: 1, lastSeq: 0 }
          const answer = (await ask('outbox:append', { drafts, mirror })) as {
            kind: string
            refusal?: string
          }
          answers.push(answer.refusal ?? answer.kind)
        }
        return answers
      },
      { many: count, fields: EMPTY_FIELDS },
    )

  await remember(0)
  const answers = await deleteMany(DELETIONS_A_MINUTE + 10)
  expect(answers.filter((answer) => answer === 'appended')).toHaveLength(DELETIONS_A_MINUTE)
  expect(answers.slice(DELETIONS_A_MINUTE)).toEqual(Array(10).fill('too-many-deletions'))
  expect(await askedFor()).toEqual([`Delete ${DELETIONS_A_MINUTE + 1} customers?`])
})

test('I12 the token is nowhere but where it is kept encrypted: not on the disk, in the page, in what main sends or says, nor with a process', async () => {
  test.setTimeout(120_000)
  // No word of a program, and nothing that an encoding would have to change.
  const token = 'EAAAtokenthatnobodymaysee7f3c9e1b5d'
  const square = await startSquare([{ given_name: 'Wanda', phone_number: '+12065550699' }], token)
  try {
    const profile = newProfile()
    const first = await launchApp({ profile, squareUrl: square.url })
    await first.app.evaluate(({ BrowserWindow }) => {
      const told: string[] = []
      Object.assign(globalThis, { told })
      for (const { webContents } of BrowserWindow.getAllWindows()) {
        const send = webContents.send.bind(webContents)
        webContents.send = (channel: string, ...args: unknown[]) => {
          told.push(JSON.stringify([channel, ...args]))
          send(channel, ...args)
        }
      }
    })
    const book = await connect(first.page, square)
    await book.edit('Wanda', { Note: 'Prefers Tuesdays' })
    await book.allIn()
    // Square takes it no longer, and then again.
    square.fault({ kind: 'expired-token', times: 50 })
    await book.add({ 'First name': 'Wilma' })
    await expect(book.sentence).toContainText('Signed out of Square', { timeout: 30_000 })
    square.clearFaults()
    await book.button('Sign in').click()
    await connect(first.page, square)
    // A fault of ours that has it in its message.
    await first.app.evaluate((_, secret) => {
      setTimeout(() => {
        throw new Error(`Bearer ${secret}`)
      })
    }, token)
    await expect.poll(() => filesWith(profile, 'main.uncaught')).not.toEqual([])
    const told = await first.app.evaluate(() => (globalThis as unknown as { told: string[] }).told.join('\n'))
    const running = processTexts(first.app.process().pid ?? 0)
    await first.close()

    // The page of this start has never been given it by anybody but main.
    const second = await launchApp({ profile, squareUrl: square.url })
    await bookPage(second.page).open('Wanda')
    const places = new Map<string, Buffer | string>([
      ['what main sent', told],
      ['what it said', first.output() + second.output()],
      ['the databases', await databasesOf(second.page)],
      ['the memory of the page', await memoryOf(second.page)],
      ...running,
      ...processTexts(second.app.process().pid ?? 0),
    ])
    const placesWith = (text: string) =>
      [...places].flatMap(([name, place]) => (holds(place, text) ? [name] : []))
    expect(filesWith(profile, token)).toEqual([])
    expect(placesWith(token)).toEqual([])

    // The search does find what is there.
    expect(placesWith('Wanda')).toEqual(['the databases', 'the memory of the page'])
    expect(placesWith('main.uncaught')).toEqual(['what it said'])
    expect(placesWith('session:changed')).toContain('what main sent')
    if (process.platform === 'linux') expect(placesWith(square.url).join()).toMatch(/\d+ environ/)
    expect(filesWith(profile, 'Tuesdays').join()).toContain('outbox-000001.log')
    writeFileSync(join(profile, 'left-behind'), `x${Buffer.from(`a ${token} z`).toString('base64')}`)
    expect(filesWith(profile, token)).toEqual([join(profile, 'left-behind')])
    await second.close()
  } finally {
    await square.close()
  }
})

// The last one: a driver may go on waiting for a navigation that was refused, so main is asked what is shown.
test('no other page: neither by address, by form nor by a link', async () => {
  const { page, running } = shared
  const shown = () =>
    running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getURL()),
    )
  const before = await shown()
  await page.evaluate(async (url) => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 200))
    location.href = url
    await pause()
    const form = document.createElement('form')
    form.action = url
    document.body.append(form)
    form.submit()
    form.remove()
    await pause()
    const link = document.createElement('a')
    link.href = url
    document.body.append(link)
    link.click()
    link.remove()
    await pause()
    location.href = 'data:text/html,elsewhere'
    await pause()
  }, outside.url)
  expect(await shown()).toEqual(before)
})

function noBox(): never {
  throw new Error('an icon takes no room')
}
