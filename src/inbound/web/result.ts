import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { later, MINUTE_MS } from '../../clock.ts'
import { cookies } from './cookies.ts'
import { type Outcome, outcomeSchema } from './outcome.ts'
import type { WebDeps } from './web-deps.ts'

/** How long the page at the end can be looked at again. */
const RESULT_MS = 10 * MINUTE_MS

export const resultSchema = z.object({ outcome: outcomeSchema, provider: z.string() })

/** On to the page that tells how it ended. That goes along in a sealed cookie of this browser. */
export async function toResult(
  { clock, config, newId, results }: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome,
  provider: string,
): Promise<FastifyReply> {
  const id = newId()
  const sealed = await results.seal(JSON.stringify({ outcome, provider }), later(clock.now(), RESULT_MS))
  cookies(config.url, 'done').set(request, reply, id, sealed, RESULT_MS)
  return reply.header('cache-control', 'no-store').redirect(`${config.url}/done/${id}`, 303)
}
