import { z } from 'zod'
import type { RejectFilter } from '../../domain/outbox/reject.ts'
import { answer, namedParams, problems, rejectFilterSchema, rejectsSchema, V1_PROBLEMS } from './api-schemas.ts'
import { sendUnknown } from './connections.ts'
import { preferred } from './preferred.ts'
import type { Problem, SendProblem } from './problem.ts'
import { readJson } from './read-touchpoints.ts'
import { rejectJson, rejectLines, rejectTable } from './rejects-file.ts'
import { sendAll } from './send-all.ts'
import type { WebActions, WebApp, WebDeps } from './web-deps.ts'

const URL = '/v1/connections/:name/rejects'
const TYPES = ['application/json', 'application/x-ndjson', 'text/csv'] as const
const MAX_FILTER_BYTES = 64 * 1024

/** What a CRM refused: reading it, and saying what becomes of it. */
export function rejectRoutes(app: WebApp, { actions }: WebDeps, sendProblem: SendProblem): void {
  app.route({
    method: 'GET',
    url: URL,
    config: { scope: 'rejects:read' },
    schema: {
      operationId: 'listRejects',
      summary: 'Touchpoints that the CRM refused',
      description:
        'JSON in pages; with `Accept: application/x-ndjson` or `text/csv` all of them, streamed. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.',
      tags: ['rejects'],
      params: namedParams,
      querystring: z.object({
        after: z
          .string()
          .regex(/^\d{1,16}$/)
          .optional()
          .describe('`next` of the page before.'),
      }),
      response: {
        200: {
          description: 'In the order in which they were accepted or last retried.',
          content: {
            'application/json': { schema: rejectsSchema },
            'application/x-ndjson': { schema: z.string().describe('One of `rejects` as JSON in each line.') },
            'text/csv': { schema: z.string().describe('A header and one line each; `payload` is JSON.') },
          },
        },
        ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_connection'),
      },
    },
    handler: async (request, reply) => {
      const reader = await actions.readRejects(request.getDecorator<string>('teamId'), request.params.name)
      if (reader.kind === 'unknown') return sendUnknown(reply, sendProblem, reader.nearest)
      // Read before anything is sent, so that trouble with the database still is a problem document.
      const first = await reader.page(Number(request.query.after ?? 0))
      const type = preferred(request.headers.accept, TYPES)
      reply.header('vary', 'accept')
      if (type === 'text/csv') return sendAll(reply, `${type}; charset=utf-8`, rejectTable(reader, first, { forPeople: false }))
      if (type === 'application/x-ndjson') return sendAll(reply, type, rejectLines(reader, first))
      return { rejects: first.rejects.map(rejectJson), next: first.next === null ? null : String(first.next) }
    },
  })

  moveRoute(app, sendProblem, {
    url: `${URL}/retry`,
    operationId: 'retryRejects',
    summary: 'Push rejected touchpoints once more',
    description: 'Those that agree with every part given; without a body, all. They wait again, and are pushed in their turn.',
    status: 202,
    counted: 'retried',
    move: actions.retryRejects,
  })
  moveRoute(app, sendProblem, {
    url: `${URL}/dismiss`,
    operationId: 'dismissRejects',
    summary: 'Give rejected touchpoints up for good',
    description: 'Those that agree with every part given; without a body, all. Their payloads are deleted. This can’t be undone.',
    status: 200,
    counted: 'dismissed',
    move: actions.dismissRejects,
  })
}

interface MoveRoute {
  readonly url: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly status: 200 | 202
  readonly counted: 'retried' | 'dismissed'
  readonly move: WebActions['retryRejects']
}

function moveRoute(app: WebApp, sendProblem: SendProblem, route: MoveRoute): void {
  const { url, operationId, summary, description, status, counted, move } = route
  app.route({
    method: 'POST',
    url,
    config: { scope: 'rejects:write' },
    bodyLimit: MAX_FILTER_BYTES,
    schema: {
      operationId,
      summary,
      description,
      tags: ['rejects'],
      consumes: ['application/json'],
      params: namedParams,
      body: rejectFilterSchema,
      response: {
        [status]: answer('How many.', z.object({ [counted]: z.int().nonnegative() })),
        ...problems(
          ...V1_PROBLEMS,
          'bad_request',
          'malformed_body',
          'unknown_field',
          'unknown_connection',
          'body_too_large',
          'unsupported_media_type',
        ),
      },
    },
    handler: async (request, reply) => {
      const read = readFilter(request.body)
      if (read.kind === 'problem') return sendProblem(reply, read.problem)
      const moved = await move(request.getDecorator<string>('teamId'), request.params.name, read.which)
      if (moved.kind === 'unknown') return sendUnknown(reply, sendProblem, moved.nearest)
      return reply.code(status).send({ [counted]: moved.count })
    },
  })
}

type FilterRead =
  | { readonly kind: 'read'; readonly which: RejectFilter }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** A misspelled part must not stand for "all", so unknown ones are refused. */
function readFilter(body: unknown): FilterRead {
  if (body === undefined || body === null || (Buffer.isBuffer(body) && body.length === 0)) return { kind: 'read', which: {} }
  const json = Buffer.isBuffer(body) ? readJson(body) : { kind: 'unreadable' as const }
  if (json.kind === 'unreadable') return refuse('malformed_body', 'Send JSON in UTF-8, or no body for all rejects.')
  const parsed = rejectFilterSchema.safeParse(json.value)
  if (parsed.success) return { kind: 'read', which: parsed.data }
  const isUnknown = parsed.error.issues.some(({ code }) => code === 'unrecognized_keys')
  return isUnknown
    ? refuse('unknown_field', 'Only "code", "message" and "field" are known. Nothing was changed.')
    : refuse('bad_request', '"code", "message" and "field" are texts; "field" may be null. Nothing was changed.')
}

function refuse(code: Problem['code'], detail: string): FilterRead {
  return { kind: 'problem', problem: { code, detail } }
}
