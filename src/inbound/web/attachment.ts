import type { FastifyReply } from 'fastify'

/** A file for people, named after its connection; nobody keeps a copy on the way. */
export function attachment(reply: FastifyReply, connectionName: string, ending: string, type: string): FastifyReply {
  const name = connectionName.replace(/[^\w-]/g, '_')
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}-${ending}"`)
    .type(type)
}
