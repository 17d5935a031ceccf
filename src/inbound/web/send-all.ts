import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** A text of any length, as it is read. */
export function sendAll(reply: FastifyReply, type: string, text: Readable): FastifyReply {
  return reply.type(type).send(text)
}
