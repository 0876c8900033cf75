import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { RawAnswer } from './faults.ts'
import type { Delivery, Turn } from './fault-turn.ts'

const DROPS = 10

/** Gives the client what this turn came to, or breaks the connection; `over` ends what takes its time. */
export async function deliver(turn: Turn, reply: FastifyReply, over: AbortSignal): Promise<FastifyReply> {
  switch (turn.kind) {
    case 'answered':
      return deliverAnswer(turn.answer, turn.delivery, reply, over)
    case 'refused':
      reply.hijack()
      reply.raw.socket?.destroy()
      return reply
    case 'dropped':
    case 'lost':
      reply.hijack()
      reply.raw.socket?.resetAndDestroy()
      return reply
  }
}

async function deliverAnswer(
  { status, headers = {}, text }: RawAnswer,
  delivery: Delivery,
  reply: FastifyReply,
  over: AbortSignal,
): Promise<FastifyReply> {
  reply.code(status).headers(headers)
  const bytes = Buffer.from(text)
  switch (delivery.kind) {
    case 'whole':
      return reply.send(text)
    case 'slow':
      return reply
        .header('content-length', bytes.length)
        .send(Readable.from(inDrops(bytes, delivery.ms, over)))
    case 'truncated': {
      const kept = bytes.subarray(0, delivery.bytes ?? Math.floor(bytes.length / 2))
      reply.hijack()
      const { raw } = reply
      raw.writeHead(status, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-length': bytes.length,
      })
      raw.flushHeaders()
      raw.write(kept, () => raw.socket?.destroy())
      return reply
    }
    case 'bomb':
      return reply.header('content-encoding', 'gzip').send(await packed(delivery.megabytes, bytes))
  }
}

async function* inDrops(bytes: Buffer, ms: number, over: AbortSignal): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.ceil(bytes.length / DROPS))
  for (let at = 0; at < bytes.length; at += size) {
    await sleep(ms / DROPS, undefined, { signal: over })
    yield bytes.subarray(at, at + size)
  }
}

const pack = promisify(gzip)

/** Blanks before JSON are JSON; several gzip members in a row are one gzip file. */
async function packed(megabytes: number, bytes: Buffer): Promise<Buffer> {
  const blanks = await pack(Buffer.alloc(1_000_000, ' '))
  return Buffer.concat([...Array.from({ length: megabytes }, () => blanks), await pack(bytes)])
}
