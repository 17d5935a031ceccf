import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Departure } from '../../domain/access/departure.ts'
import { cookieKey, cookies } from './cookies.ts'

/** Off to the provider's login; what this login is about goes into a sealed cookie of this browser. */
export function depart(url: string, departure: Departure, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const key = cookieKey(departure.state)
  if (key === undefined) throw new Error('a state that makes no cookie name')
  cookies(url, 'login').set(request, reply, key, departure.cookie, departure.cookieMaxAgeMs)
  return reply.header('cache-control', 'no-store').redirect(departure.url, 303)
}
