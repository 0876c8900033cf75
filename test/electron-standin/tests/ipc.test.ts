import { expect, test, vi } from 'vitest'
import { shareSample } from './sample-app.ts'

const sample = shareSample()

test('values cross as structured clones, both ways', async () => {
  const { page } = sample()
  const kinds = await page.evaluate(() => {
    const values = [
      ...[{ a: 1 }, [1], 'x', 1, true, null, undefined, 10n, new Date(0), /a/g, new Map(), new Set()],
      ...[new RangeError('x'), new Uint8Array(2), new ArrayBuffer(2), new DataView(new ArrayBuffer(2))],
    ]
    return window.sample.invoke('kinds', ...values)
  })
  expect(kinds).toEqual(
    [
      ...[
        'Object',
        'Array',
        'String',
        'Number',
        'Boolean',
        'Null',
        'Undefined',
        'BigInt',
        'Date',
        'RegExp',
        'Map',
        'Set',
      ],
      ...['Error', 'Uint8Array', 'ArrayBuffer', 'DataView'],
    ].map((kind) => `[object ${kind}]`),
  )
  const returned = await page.evaluate(async () => {
    const echo = (value: unknown) => window.sample.invoke('echo', value)
    const map = (await echo(new Map([['when', new Date(7)]]))) as Map<string, Date>
    const holes = (await echo([1, , 3])) as unknown[]
    const shared = { x: 1 }
    const pair = (await echo([shared, shared])) as object[]
    const withKey = (await echo(JSON.parse('{"__proto__":{"a":1}}'))) as object
    return {
      when: map.get('when')?.getTime(),
      big: (await echo(2n ** 70n)) === 2n ** 70n,
      minusZero: Object.is(await echo(-0), -0),
      nan: Number.isNaN(await echo(Number.NaN)),
      undefinedKept: 'x' in ((await echo({ x: undefined })) as object),
      hole: 1 in holes,
      isShared: pair[0] === pair[1],
      protoIsData: Object.hasOwn(withKey, '__proto__'),
      text: await echo('ü \u2028 \0 "quoted" </script> 😀'),
    }
  })
  expect(returned).toEqual({
    when: 7,
    big: true,
    minusZero: true,
    nan: true,
    undefinedKept: true,
    hole: false,
    isShared: true,
    protoIsData: true,
    text: 'ü \u2028 \0 "quoted" </script> 😀',
  })
})

test('refusals are in Electron’s words', async () => {
  const { page } = sample()
  const failures = await page.evaluate(async () => {
    const words = async (channel: string, ...args: unknown[]) => {
      try {
        return String(await window.sample.invoke(channel, ...args))
      } catch (error) {
        return String(error)
      }
    }
    return {
      thrown: await words('fail'),
      unknown: await words('nobody'),
      result: await words('gives-a-function'),
      symbol: await words('echo', new Map([[1, () => 1]])),
    }
  })
  expect(failures).toEqual({
    thrown: "Error: Error invoking remote method 'fail': TypeError: boom",
    unknown: "Error: Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    result: "Error: Error invoking remote method 'gives-a-function': Error: An object could not be cloned.",
    symbol: 'Error: An object could not be cloned.',
  })
})

test('the sender is the top frame under the app’s own scheme', async () => {
  const { page } = sample()
  expect(await page.evaluate(() => window.sample.invoke('who'))).toEqual({
    url: 'app://sample/',
    origin: 'app://sample',
    parent: null,
    isTop: true,
    isOwnSender: true,
  })
})

test('messages without an answer go both ways, and a listener can be taken off', async () => {
  const { page, output } = sample()
  const heard = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const stop = window.sample.on('noted', (text) => {
          stop()
          resolve(text)
        })
        window.sample.send('note', 'hello')
      }),
  )
  expect(heard).toBe('hello')
  await vi.waitFor(() => expect(output()).toContain('event: note hello'))
})

test('the preload’s world is its own: no globals leak, what is exposed is frozen and copied', async () => {
  const { page } = sample()
  const seen = await page.evaluate(() => {
    const { sample } = window
    const fails = () => {
      try {
        sample.fails()
        return 'nothing'
      } catch (error) {
        return String(error)
      }
    }
    return {
      secret: (window as unknown as { secretSeen: string }).secretSeen,
      require: typeof (window as unknown as { require: unknown }).require,
      isFrozen:
        Object.isFrozen(sample) && Object.isFrozen(sample.nested) && Object.isFrozen(sample.nested.list),
      sync: sample.nested.twice(21),
      when: sample.nested.when.getTime(),
      fails: fails(),
      forbidden: sample.forbidden(),
    }
  })
  expect(seen).toEqual({
    secret: 'undefined',
    require: 'undefined',
    isFrozen: true,
    sync: 42,
    when: 7,
    fails: 'Error: from the preload',
    forbidden: 'module not found: fs',
  })
})

test('what is not implemented fails by its name, in main and in the preload', async () => {
  const { app, page } = sample()
  const words = await app.evaluate(({ app, BrowserWindow, dialog, Tray }) => {
    const failure = (use: () => unknown) => {
      try {
        use()
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    }
    const [window] = BrowserWindow.getAllWindows()
    return [
      failure(() => new Tray('x')),
      failure(() => app.getFileIcon('x')),
      failure(() => window?.setProgressBar(1)),
      failure(() => window?.webContents.print()),
      failure(() => dialog.showOpenDialogSync({})),
      failure(() => (BrowserWindow as unknown as Record<string, unknown>)['addExtension']),
    ]
  })
  const missing = [
    'electron.Tray',
    'app.getFileIcon',
    'BrowserWindow.setProgressBar',
    'webContents.print',
    'dialog.showOpenDialogSync',
    'BrowserWindow.addExtension',
  ]
  expect(words).toEqual(missing.map((name) => `stand-in: ${name} is not implemented`))
  const inPreload = await page.evaluate(() => {
    try {
      window.sample.missing()
      return 'nothing'
    } catch (error) {
      return (error as Error).message
    }
  })
  expect(inPreload).toBe('stand-in: ipcRenderer.sendSync is not implemented')
})
