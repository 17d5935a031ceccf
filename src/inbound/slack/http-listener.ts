import type { IncomingMessage, ServerResponse } from 'node:http'
import { HTTPModuleFunctions, HTTPReceiver } from '@slack/bolt'
import { type Clock, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { quietLogger } from './quiet-logger.ts'

/** Where Slack posts commands, clicks and events. */
const SLACK_EVENTS_PATH = '/slack/events'
/** The largest payload that Slack sends (a view) is a quarter of it. */
const BODY_LIMIT_BYTES = 1024 * 1024
const MAX_AGE_MS = 5 * MINUTE_MS

const { bufferIncomingMessage, isRawBodyError, parseHTTPRequestBody } = HTTPModuleFunctions
type BufferedRequest = Awaited<ReturnType<typeof bufferIncomingMessage>>

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

export interface HttpListener {
  readonly receiver: HTTPReceiver
  /** To be mounted in our own server, with the body unread. Answers every request it is given. */
  readonly requestListener: RequestListener
}

/** Bolt's HTTP receiver without a server of its own. Adds what it does not check (@slack/bolt 5.1.0). */
export function httpListener(options: {
  readonly signingSecret: string
  readonly clock: Clock
  readonly log: Log
}): HttpListener {
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: SLACK_EVENTS_PATH,
    bodyLimit: BODY_LIMIT_BYTES,
    logger: quietLogger,
  })
  async function handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await bufferIncomingMessage(request, BODY_LIMIT_BYTES)
    if (isBareValue(read)) return turnAway(response, 400)
    receiver.requestListener(read, response)
  }

  function turnAway(response: ServerResponse, status: number): void {
    options.log.warn('slack.request_refused', { status })
    refuse(response, status)
  }

  return {
    receiver,
    requestListener(request, response) {
      const refusal = whyNot(request, options.clock)
      if (refusal !== null) return turnAway(response, refusal)
      const { 'content-type': type } = request.headers
      // Bolt knows a form only without parameters such as a charset.
      if (type !== undefined) request.headers['content-type'] = type.split(';')[0]?.trim()
      handOn(request, response).catch((error: unknown) => {
        if (isRawBodyError(error)) return turnAway(response, error.statusCode)
        options.log.error('slack.request_failed', {}, error)
        refuse(response, 500)
      })
    },
  }
}

/** The status to refuse with; null when Bolt may look at it. It checks the signature, and that the request is not too old. */
function whyNot(request: IncomingMessage, clock: Clock): number | null {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname !== SLACK_EVENTS_PATH) return 404
  if (request.method !== 'POST') return 405
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) return 413
  const timestamp = request.headers['x-slack-request-timestamp']
  if (timestamp === undefined) return null // Slack does not sign its check of the certificate; Bolt refuses all else
  const sentAtMs = Number(timestamp) * SECOND_MS
  return Number.isFinite(sentAtMs) && Math.abs(sentAtMs - clock.now().getTime()) <= MAX_AGE_MS ? null : 401
}

/** JSON that is neither an object nor a list. Bolt reads fields of it, and ends the process on `null`. */
function isBareValue(request: BufferedRequest): boolean {
  try {
    const body: unknown = parseHTTPRequestBody(request)
    return typeof body !== 'object' || body === null
  } catch {
    return false // Bolt answers what can't be parsed
  }
}

/** The body may not be read, so the connection can't be used again. */
function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) return
  response.writeHead(status, { connection: 'close' }).end()
}
