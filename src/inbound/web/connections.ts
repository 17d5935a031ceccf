import type { FastifyReply } from 'fastify'
import { answer, checkSchema, connectionSchema, connectionsSchema, namedParams, problems, V1_PROBLEMS } from './api-schemas.ts'
import { checkJson, connectionJson } from './connection-json.ts'
import type { SendProblem } from './problem.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

export function connectionRoutes(app: WebApp, { actions }: WebDeps, sendProblem: SendProblem): void {
  app.route({
    method: 'GET',
    url: '/v1/connections',
    config: { scope: 'connections:read' },
    schema: {
      operationId: 'listConnections',
      summary: 'All connections, those that need somebody first',
      tags: ['connections'],
      response: { 200: answer('The connections of the workspace.', connectionsSchema), ...problems(...V1_PROBLEMS) },
    },
    handler: async (request) => {
      const overviews = await actions.listConnections(request.getDecorator<string>('teamId'))
      return { connections: overviews.map(connectionJson) }
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/connections/:name',
    config: { scope: 'connections:read' },
    schema: {
      operationId: 'describeConnection',
      summary: 'One connection',
      tags: ['connections'],
      params: namedParams,
      response: { 200: answer('How it is.', connectionSchema), ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_connection') },
    },
    handler: async (request, reply) => {
      const found = await actions.describeConnection(request.getDecorator<string>('teamId'), request.params.name)
      if (found.kind === 'unknown') return sendUnknown(reply, sendProblem, found.nearest)
      return connectionJson(found.overview)
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/connections/:name/check',
    config: { scope: 'connections:write' },
    schema: {
      operationId: 'checkConnection',
      summary: 'Probe a connection now',
      tags: ['connections'],
      params: namedParams,
      response: {
        200: answer('What the provider said.', checkSchema),
        ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_connection'),
      },
    },
    handler: async (request, reply) => {
      const answer = await actions.checkNow(request.getDecorator<string>('teamId'), request.params.name)
      if (answer.kind === 'unknown') return sendUnknown(reply, sendProblem, answer.nearest)
      const [checked] = answer.results
      return checked ? checkJson(checked) : sendUnknown(reply, sendProblem, null)
    },
  })
}

/** `nearest` is the name that was probably meant. */
export function sendUnknown(reply: FastifyReply, sendProblem: SendProblem, nearest: string | null): FastifyReply {
  const hint = nearest === null ? 'GET /v1/connections lists the names.' : `Did you mean ${JSON.stringify(nearest)}?`
  return sendProblem(reply, { code: 'unknown_connection', detail: hint })
}
