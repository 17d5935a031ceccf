import type { RequestListener } from 'node:http'
import type { Log } from '../../log.ts'
import type { SendProblem } from './problem.ts'
import type { WebApp } from './web-deps.ts'

/** Slack's payloads are some kilobytes; Bolt limits what comes without a length by itself. */
const MAX_PAYLOAD_BYTES = 1024 * 1024

/** Hands `POST /slack/events` over to Bolt unread, since the signature is over the raw body. */
export function slackEvents(listener: RequestListener, log: Log, sendProblem: SendProblem) {
  return async (app: WebApp): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.route({
      method: 'POST',
      url: '/slack/events',
      schema: { hide: true },
      onRequest: async (request, reply) => {
        if (Number(request.headers['content-length'] ?? 0) > MAX_PAYLOAD_BYTES) {
          reply.header('connection', 'close')
          return sendProblem(reply, { code: 'body_too_large', detail: 'No payload of Slack is this large.' })
        }
      },
      handler: (request, reply) => {
        reply.hijack()
        try {
          listener(request.raw, reply.raw)
        } catch (cause) {
          log.error('slack.listener_failed', {}, cause)
          if (!reply.raw.headersSent) reply.raw.writeHead(500)
          reply.raw.end()
        }
      },
    })
  }
}
