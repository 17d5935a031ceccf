import type { FastifyReply } from 'fastify'
import type { Mapping, ObjectMapping } from '../../domain/crm.ts'
import { mappingSchema } from '../../domain/outbox/change-mapping.ts'
import { answer, mappingAnswer, namedParams, problems, V1_PROBLEMS } from './api-schemas.ts'
import { sendUnknown } from './connections.ts'
import type { SendProblem } from './problem.ts'
import { readJson } from './read-touchpoints.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const MAX_MAPPING_BYTES = 256 * 1024
const URL = '/v1/connections/:name/mapping'

export function mappingRoutes(app: WebApp, { actions }: WebDeps, sendProblem: SendProblem): void {
  app.route({
    method: 'GET',
    url: URL,
    config: { scope: 'connections:read' },
    schema: {
      operationId: 'readMapping',
      summary: 'Which object and fields touchpoints are written to',
      tags: ['connections'],
      params: namedParams,
      response: {
        200: answer('The mapping.', mappingAnswer),
        ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_connection', 'not_a_crm'),
      },
    },
    handler: async (request, reply) => {
      const read = await actions.readMapping(request.getDecorator<string>('teamId'), request.params.name)
      if (read.kind !== 'found') return sendNoMapping(reply, sendProblem, read.kind)
      return { mapping: mappingJson(read.mapping), isDefault: read.isDefault }
    },
  })

  app.route({
    method: 'PUT',
    url: URL,
    config: { scope: 'connections:write' },
    bodyLimit: MAX_MAPPING_BYTES,
    schema: {
      operationId: 'changeMapping',
      summary: 'Replace the mapping',
      description: "Checked against the CRM's own description: every object and field must be there and writable.",
      tags: ['connections'],
      consumes: ['application/json'],
      params: namedParams,
      body: mappingSchema,
      response: {
        200: answer('The mapping.', mappingAnswer),
        ...problems(
          ...V1_PROBLEMS,
          'bad_request',
          'malformed_body',
          'unknown_connection',
          'not_a_crm',
          'mapping_not_checked',
          'mapping_invalid',
          'body_too_large',
          'unsupported_media_type',
        ),
      },
    },
    handler: async (request, reply) => {
      const body: unknown = request.body
      const json = Buffer.isBuffer(body) ? readJson(body) : { kind: 'unreadable' as const }
      if (json.kind === 'unreadable') {
        return sendProblem(reply, { code: 'malformed_body', detail: 'Send the mapping as JSON in UTF-8.' })
      }
      const change = await actions.changeMapping(request.getDecorator<string>('teamId'), request.params.name, json.value)
      switch (change.kind) {
        case 'changed':
          return { mapping: mappingJson(change.mapping), isDefault: false }
        case 'invalid':
          return sendProblem(reply, {
            code: 'mapping_invalid',
            detail: 'Nothing was changed. `problems` says what is wrong where.',
            more: { problems: change.problems },
          })
        case 'not_checked':
          return sendProblem(reply, { code: 'mapping_not_checked', detail: `Nothing was changed. ${change.explanation}` })
        default:
          return sendNoMapping(reply, sendProblem, change.kind)
      }
    },
  })
}

function sendNoMapping(reply: FastifyReply, sendProblem: SendProblem, why: 'unknown' | 'not_a_crm'): FastifyReply {
  if (why === 'unknown') return sendUnknown(reply, sendProblem, null)
  return sendProblem(reply, { code: 'not_a_crm', detail: 'Only a CRM has a mapping; this is an ad platform.' })
}

function mappingJson({ touchpoints, attribution }: Mapping) {
  return { touchpoints: objectJson(touchpoints), attribution: attribution && objectJson(attribution) }
}

function objectJson({ object, externalIdField, fields, custom }: ObjectMapping) {
  return { object, externalIdField, fields: { ...fields }, custom: [...custom] }
}
