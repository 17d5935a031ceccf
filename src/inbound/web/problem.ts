import type { FastifyReply } from 'fastify'
import { z } from 'zod'

/** Every problem that the HTTP surface answers with, by its stable code. */
export const PROBLEMS = {
  bad_request: [400, "The request can't be understood"],
  message_not_signed: [400, 'The message is not signed by the provider'],
  malformed_body: [400, "The body can't be read"],
  unknown_field: [400, 'The body has a field that is not known'],
  unauthorized: [401, 'A valid API token is needed'],
  insufficient_scope: [403, 'The API token may not do this'],
  api_disabled: [404, 'The API is switched off'],
  not_found: [404, 'There is nothing here'],
  unknown_connection: [404, 'There is no connection of that name'],
  unknown_touchpoint: [404, 'There is no touchpoint of that id'],
  method_not_allowed: [405, "This address doesn't take that method"],
  request_timeout: [408, 'The request took too long to arrive'],
  no_crm_connection: [409, 'There is no CRM connection'],
  not_an_ad_platform: [409, 'The connection is not an ad platform'],
  not_a_crm: [409, 'The connection is not a CRM'],
  mapping_not_checked: [409, "The CRM couldn't be asked"],
  body_too_large: [413, 'The body is too large'],
  too_many_records: [413, 'There are too many records'],
  unsupported_media_type: [415, 'The body is of a kind that is not taken'],
  mapping_invalid: [422, "The mapping doesn't fit the CRM"],
  too_many_requests: [429, 'There are too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'Something went wrong in Redkey'],
  not_ready: [503, 'Redkey is not ready yet'],
  storage_unavailable: [503, "Redkey can't reach its database"],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof PROBLEMS

/** RFC 9457. Some codes bring members of their own. */
export const problemSchema = z.looseObject({
  type: z.string().describe('urn:redkey:problem:<code>'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and what to do, for people.'),
  code: z.string().describe('Stable; decide by this.'),
  instance: z.string().describe('Names this very answer; it stands in the log when a person has to look.'),
})

export interface Problem {
  readonly code: ProblemCode
  readonly detail: string
  readonly retryAfterSeconds?: number | undefined
  /** Further members, such as `problems` of a mapping. */
  readonly more?: Readonly<Record<string, unknown>> | undefined
}

export function problemStatus(code: ProblemCode): number {
  return PROBLEMS[code][0]
}

/** The document of a problem. `reference` is a fresh id. */
export function problemJson({ code, detail, more }: Problem, reference: string): string {
  const [status, title] = PROBLEMS[code]
  return JSON.stringify({
    type: `urn:redkey:problem:${code}`,
    title,
    status,
    detail,
    code,
    instance: `urn:redkey:answer:${reference}`,
    ...more,
  })
}

export type SendProblem = (reply: FastifyReply, problem: Problem) => FastifyReply

/** Answers with a problem document. */
export function problemSender(newId: () => string): SendProblem {
  return (reply, problem) => {
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds)
    return reply
      .code(problemStatus(problem.code))
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send(problemJson(problem, newId()))
  }
}
