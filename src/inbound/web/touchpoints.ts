import type { TouchpointRecord } from '../../domain/outbox/touchpoint.ts'
import {
  answer,
  intakeSchema,
  problems,
  touchpointAnswer,
  touchpointParams,
  touchpointsBody,
  V1_PROBLEMS,
} from './api-schemas.ts'
import type { Meter } from './metrics.ts'
import type { SendProblem } from './problem.ts'
import { readTouchpoints, TOUCHPOINT_TYPES, type Unreadable } from './read-touchpoints.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const MEGABYTE = 1_000_000

export function touchpointRoutes(app: WebApp, { actions, config }: WebDeps, meter: Meter, sendProblem: SendProblem): void {
  app.route({
    method: 'POST',
    url: '/v1/touchpoints',
    config: { scope: 'touchpoints:write' },
    bodyLimit: config.bodyLimitBytes ?? 10 * MEGABYTE,
    schema: {
      operationId: 'sendTouchpoints',
      summary: 'Send touchpoints',
      description: 'What is counted as accepted is durable. The same id again updates the same CRM record.',
      tags: ['touchpoints'],
      consumes: [...TOUCHPOINT_TYPES],
      body: touchpointsBody,
      response: {
        202: answer('What became of each record.', intakeSchema),
        ...problems(
          ...V1_PROBLEMS,
          'malformed_body',
          'unknown_field',
          'no_crm_connection',
          'body_too_large',
          'too_many_records',
          'unsupported_media_type',
        ),
      },
    },
    handler: async (request, reply) => {
      const read = readTouchpoints(request.headers['content-type'] ?? '', request.body)
      if (read.kind === 'problem') return sendProblem(reply, read.problem)
      const { items, indexes, unreadable } = read
      reply.code(202)
      if (items.length + unreadable.length === 0) return { accepted: 0, duplicates: 0, rejected: [] }
      const sending = { sender: request.getDecorator<number | string | null>('sender'), unreadable: unreadable.length }
      const intake = await actions.acceptTouchpoints(request.getDecorator<string>('teamId'), items, sending)
      if (intake.kind === 'no_crm') {
        return sendProblem(reply, {
          code: 'no_crm_connection',
          detail: 'There is no CRM to push to, so nothing was taken in. Connect one in Slack with the add command first.',
        })
      }
      const refused = intake.rejected.map((one) => ({ ...one, index: indexes[one.index] ?? one.index }))
      const rejected = inOrder<Unreadable | (typeof refused)[number]>([...refused, ...unreadable])
      meter.refused(rejected)
      return { accepted: intake.accepted, duplicates: intake.duplicates, rejected }
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/touchpoints/:id',
    config: { scope: 'touchpoints:read' },
    schema: {
      operationId: 'findTouchpoint',
      summary: 'What became of a touchpoint',
      tags: ['touchpoints'],
      params: touchpointParams,
      response: {
        200: answer('By connection.', touchpointAnswer),
        ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_touchpoint'),
      },
    },
    handler: async (request, reply) => {
      const teamId = request.getDecorator<string>('teamId')
      const { id } = request.params
      const records = await actions.findTouchpoint(teamId, id)
      if (records.length === 0) {
        return sendProblem(reply, {
          code: 'unknown_touchpoint',
          detail: 'No touchpoint of that id was ever accepted. Ids are compared exactly as they were sent.',
        })
      }
      const overviews = await actions.listConnections(teamId)
      const names = new Map(overviews.map(({ connection }) => [connection.id, connection.name]))
      return { id, records: records.map((record) => recordJson(record, names.get(record.connectionId) ?? null)) }
    },
  })
}

function inOrder<T extends Pick<Unreadable, 'index'>>(rejected: T[]): T[] {
  return rejected.sort((a, b) => a.index - b.index)
}

function recordJson(record: TouchpointRecord, connection: string | null) {
  const { state, acceptedAt, settledAt, superseded, attempts, code, message } = record
  return {
    connection,
    state,
    acceptedAt: acceptedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
    superseded,
    attempts,
    code,
    message,
  }
}
