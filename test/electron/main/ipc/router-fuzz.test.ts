import fc from 'fast-check'
import { expect, it } from 'vitest'
import { INVOKE_CHANNELS, type InvokeChannel } from '#shared/ipc/contract.ts'
import { ARGUMENT_SCHEMAS } from '#main/ipc/argument-schemas.ts'
import { routeInvokes, type Handlers } from '#main/ipc/router.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const ORIGIN = 'app://counterfoil'
const ourPage = { senderFrame: { url: `${ORIGIN}/index.html`, parent: null } }

const words = [
  ...[
    'kind',
    'drafts',
    'mirror',
    'op',
    'store',
    'merchantId',
    'environment',
    'token',
    'state',
    'cursor',
    'path',
  ],
  ...[
    '__proto__',
    'constructor',
    'queue',
    'withdraw',
    'fact',
    'token',
    'practice',
    'list',
    'ids',
    'url',
    'baseUrl',
  ],
  ...['../../etc/passwd', 'https://evil.invalid/', 'file:///etc/passwd', 'colleague-deletes', 'production'],
]
/** Something like a request: the right names at the wrong places, to any depth, with anything in between. */
const { value: nearly } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e309, Number.NaN, '', undefined, 7n, Symbol('s'), () => 1),
    fc.constantFrom(...words),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 5 }),
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withTypedArray: true,
      withNullPrototype: true,
    }),
  ),
}))
const anySender = fc.oneof(
  { weight: 6, arbitrary: fc.constant<unknown>(ourPage) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      { senderFrame: null },
      { senderFrame: { url: `${ORIGIN}/`, parent: {} } },
      { senderFrame: { url: 'https://evil.invalid/', parent: null } },
    ),
  },
)

it('whatever a page sends, and however often: only what the contract allows reaches main, and main lives', async () => {
  const doors = new Map<string, (event: never, ...args: unknown[]) => unknown>()
  const reached: [InvokeChannel, unknown][] = []
  const { log, lines } = recordingLog()
  routeInvokes({
    ipcMain: { handle: (channel, listener) => void doors.set(channel, listener as never) },
    schemas: ARGUMENT_SCHEMAS,
    handlers: Object.fromEntries(
      INVOKE_CHANNELS.map((channel) => [
        channel,
        (request: unknown) => void reached.push([channel, request]),
      ]),
    ) as unknown as Handlers,
    pageOrigin: ORIGIN,
    log,
  })
  let refused = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...INVOKE_CHANNELS),
      anySender,
      fc.oneof(fc.tuple(nearly), fc.array(nearly, { maxLength: 3 })),
      async (channel, sender, args) => {
        reached.length = 0
        const answer = await Promise.resolve(doors.get(channel)!(sender as never, ...args)).catch(
          (error: unknown) => (error as Error).message,
        )
        if (reached.length === 0) {
          refused += 1
          expect(answer).toBe(`${channel}: refused`)
          return
        }
        expect(sender).toBe(ourPage)
        expect(args).toHaveLength(1)
        expect(reached[0]![0]).toBe(channel)
        // It is one of the channels that take nothing, or it has exactly the shape of the contract.
        expect(() => ARGUMENT_SCHEMAS[channel].validateSync(args[0], { strict: true })).not.toThrow()
      },
    ),
    { numRuns: 5_000 },
  )
  expect(refused).toBeGreaterThan(4_000)
  // What was sent is nowhere in the log: the channel, the rule and the place are.
  expect(lines.every(([, event]) => event === 'ipc.refused')).toBe(true)
  expect(JSON.stringify(lines)).not.toMatch(/evil\.invalid|etc\/passwd/)
  expect(({} as Record<string, unknown>)['kind']).toBeUndefined()
}, 60_000)
