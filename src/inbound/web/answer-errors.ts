import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../log.ts'
import { sendPage } from './layout.ts'
import { notFoundPage, troublePage } from './page-texts.ts'
import { type Problem, problemJson, problemStatus, type SendProblem } from './problem.ts'
import { problemOfError } from './problem-of-error.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** Whatever goes wrong outside the pages is a problem document; nothing of an unforeseen error but its reference is told. */
export function answerErrors(app: WebApp, { log, newId }: WebDeps, sendProblem: SendProblem): void {
  const notFound = (request: FastifyRequest, reply: FastifyReply) =>
    wantsPage(request)
      ? sendPage(reply, notFoundPage())
      : sendProblem(reply, { code: 'not_found', detail: '/openapi.json lists what is here.' })
  app.setNotFoundHandler(notFound)
  app.setErrorHandler((error, request, reply) => {
    // A body that can't be read, sent to an address that is not there.
    if (request.is404) return notFound(request, reply)
    return sendProblem(reply, judgeError(log, newId, error, request).problem)
  })
}

/** The same for what people see in a browser. */
export function answerErrorsWithPages(app: WebApp, { log, newId }: WebDeps): void {
  app.setErrorHandler((error, request, reply) => {
    const { problem, reference } = judgeError(log, newId, error, request)
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds)
    return sendPage(reply, troublePage(problem.code, reference))
  })
}

export interface Judged {
  readonly problem: Problem
  /** Stands in the log; null when nobody has to look. */
  readonly reference: string | null
}

/** What an error means to the one who asked. Those that a person must look at are logged, by route and without the request. */
export function judgeError(log: Log, newId: () => string, error: unknown, request: FastifyRequest): Judged {
  const known = problemOfError(error)
  const where = { route: request.routeOptions.url ?? 'none', method: request.method }
  if (known) {
    if (known.code === 'storage_unavailable') log.warn('http.storage_unavailable', where)
    return { problem: known, reference: null }
  }
  const reference = newId()
  log.error('http.failed', { ...where, reference }, error)
  const detail = `It was not your request. The operator finds it in the log under ${reference}.`
  return { problem: { code: 'internal_error', detail, more: { reference } }, reference }
}

/** An address that can't even be taken apart. */
export function answerBadAddress(sendProblem: SendProblem) {
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    if (wantsPage(request)) sendPage(reply, notFoundPage())
    else sendProblem(reply, { code: 'bad_request', detail: "The address can't be read, or a part of it is too long." })
  }
}

function wantsPage({ headers, url }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html') && !url.startsWith('/v1')
}

/** What never became a request: bad HTTP, headers without end, a client that is too slow. */
export function answerUnparsable(newId: () => string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error)
      return
    }
    const problem = ofParser(error.code)
    const body = problemJson(problem, newId())
    const head = [
      `HTTP/1.1 ${problemStatus(problem.code)} ${STATUS_LINE[problem.code] ?? 'Bad Request'}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
}

const STATUS_LINE: Readonly<Partial<Record<Problem['code'], string>>> = {
  request_timeout: 'Request Timeout',
  headers_too_large: 'Request Header Fields Too Large',
}

function ofParser(code: string | undefined): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { code: 'request_timeout', detail: 'Send the whole request within a minute.' }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { code: 'headers_too_large', detail: 'Send fewer or shorter headers; in a browser, delete the cookies of this site.' }
  }
  return { code: 'bad_request', detail: 'This is not HTTP/1.1 as Redkey reads it.' }
}
