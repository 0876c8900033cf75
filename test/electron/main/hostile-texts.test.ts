import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CustomerFields } from '#shared/customer/customer.ts'
import type { RawFields } from '#shared/customer/tidy.ts'
import { customerSchema } from '#shared/customer/customer-schema.ts'
import { createLogFile } from '#main/outbox/log-file.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { createOp, STORE } from '../../support/builders.ts'
import { recordingLog } from '../../support/recording-log.ts'
import { closeAll, square } from './square/square-fixture.ts'

interface Row {
  readonly id: string
  /** Refused: before anything is promised. Kept: to the last code unit, but for what tidying does. */
  readonly expect: 'kept' | 'refused'
  /** Absent: every field that takes free text. */
  readonly field?: 'givenName' | 'companyName' | 'nickname' | 'note'
  readonly text: string
  readonly times?: number
}
const rows = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../support/hostile-texts.json'), 'utf8'),
) as readonly Row[]

beforeAll(() => import('square'), 60_000)
afterEach(closeAll)

function typed({ id, field, text, times = 1 }: Row): RawFields {
  const value = text.repeat(times)
  const everywhere = { companyName: value, referenceId: value.slice(0, 90), note: value }
  return { familyName: `Row ${id}`, ...(field ? { [field]: value } : everywhere) }
}

const schema = customerSchema({ country: 'US' })
const kept = rows.filter((row) => row.expect === 'kept')

describe('whatever is typed', () => {
  it('is refused in words before it is promised, or is text like any other', async () => {
    for (const row of rows) {
      const answer = await schema.validate(typed(row)).then(
        () => 'kept',
        () => 'refused',
      )
      expect([row.id, answer]).toEqual([row.id, row.expect])
    }
  })

  it('is on the disk, in Square and back again as it was typed, code unit by code unit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-texts-'))
    try {
      const cards = await Promise.all(
        kept.map(async (row) => [row, await schema.validate(typed(row))] as const),
      )
      const outbox = async () => {
        const opened = await openOutbox({
          storage: createLogFile({ folder }),
          store: STORE,
          machineId: 'pc',
          newId: () => crypto.randomUUID(),
          freeBytes: async () => null,
          log: recordingLog().log,
        })
        if (opened.kind === 'refused') throw new Error(opened.reason)
        return opened
      }
      const first = await outbox()
      await first.outbox.write(
        cards.map(([{ id }, card]) => ({ kind: 'queued', op: createOp(id, `L-${id}`, card), replaces: [] })),
      )
      await first.outbox.close()
      const again = await outbox()
      expect(again.setAside).toBe(0)
      const entries = again.outbox.state().entries
      const { gateway } = await square()
      for (const [row, card] of cards) {
        const op = entries.get(row.id)?.op
        const promised = op?.kind === 'create' ? op.patch : {}
        const body = Object.fromEntries(
          Object.entries(promised).map(([field, { local }]) => [field, local]),
        ) as Partial<CustomerFields>
        expect(body, row.id).toEqual(card)
        if (row.field !== 'nickname' && row.field !== 'givenName' && row.field !== 'companyName')
          expect(card.note ?? '', row.id).toBe(asTyped(row))
        const made = await gateway.create(row.id, withoutNull(body))
        const back = made.kind === 'ok' ? await gateway.retrieve(made.value.id) : made
        expect(back.kind === 'ok' ? back.value.fields : back.failure, row.id).toEqual(card)
      }
      await again.outbox.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }, 60_000)
})

/** What tidying leaves of a note: composed, without blanks around it, `\n` for every line break. */
function asTyped({ text, times = 1 }: Row): string {
  return text.repeat(times).normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim()
}

function withoutNull(fields: Partial<CustomerFields>): Partial<CustomerFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
