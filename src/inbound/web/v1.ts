import { createGunzip } from 'node:zlib'
import { accessBy, challenge } from './api-access.ts'
import { connectionRoutes } from './connections.ts'
import { costRoutes } from './costs.ts'
import { mappingRoutes } from './mapping.ts'
import type { Meter } from './metrics.ts'
import type { SendProblem } from './problem.ts'
import { TOUCHPOINT_TYPES } from './read-touchpoints.ts'
import { rejectRoutes } from './rejects.ts'
import { touchpointRoutes } from './touchpoints.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** The API: bearer tokens, JSON in and out. Bodies stay bytes here; the route that wants one reads it. */
export function v1(deps: WebDeps, meter: Meter, sendProblem: SendProblem) {
  const accessOf = accessBy(deps)
  return async (app: WebApp): Promise<void> => {
    app.decorateRequest('teamId', '')
    app.decorateRequest('sender', null)
    app.removeAllContentTypeParsers()
    app.addContentTypeParser([...TOUCHPOINT_TYPES], { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body)

    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const { authorization } = request.headers
      const read = await accessOf(authorization, request.routeOptions.config.scope)
      if (read.kind === 'refused') {
        const why = challenge(authorization, read.problem)
        if (why !== undefined) reply.header('www-authenticate', why)
        return sendProblem(reply, read.problem)
      }
      const { teamId, sender } = read.access
      if (teamId === undefined) {
        return sendProblem(reply, {
          code: 'not_ready',
          detail: 'Redkey has not reached Slack since it started, so it does not know its workspace yet. Try again soon.',
          retryAfterSeconds: 5,
        })
      }
      request.setDecorator('teamId', teamId)
      request.setDecorator('sender', sender)
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (!/^(identity|(x-)?gzip)$/i.test(encoding)) {
        reply.header('accept-encoding', 'gzip, identity')
        return sendProblem(reply, { code: 'unsupported_media_type', detail: 'Pack the body with gzip or not at all.' })
      }
    })

    app.addHook('preParsing', async (request, _reply, payload) => {
      if (!/gzip$/i.test(request.headers['content-encoding'] ?? '')) return payload
      const gunzip = Object.assign(createGunzip(), { receivedEncodedLength: 0 })
      payload.on('data', (chunk: Buffer) => (gunzip.receivedEncodedLength += chunk.length))
      payload.on('error', (cause) => gunzip.destroy(cause))
      gunzip.on('error', () => undefined) // Fastify stops listening once it has answered; what is wrong it has told by then
      return payload.pipe(gunzip)
    })

    touchpointRoutes(app, deps, meter, sendProblem)
    connectionRoutes(app, deps, sendProblem)
    costRoutes(app, deps, sendProblem)
    mappingRoutes(app, deps, sendProblem)
    rejectRoutes(app, deps, sendProblem)
  }
}
