import { z } from 'zod'
import type { SendProblem } from './problem.ts'
import { PUBLIC } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** What providers send is some kilobytes. */
const MAX_MESSAGE_BYTES = 64 * 1024

/**
 * `POST /hooks/{meta|google|hubspot}`: a provider says that logins ended. Bodies are left as they came, since signatures are over
 * them. Google wants a 202 (RFC 8935), the others any success.
 */
export function providerMessages({ actions, config }: WebDeps, sendProblem: SendProblem) {
  return async (app: WebApp): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_MESSAGE_BYTES }, (_request, body, done) => done(null, body))
    app.route({
      ...PUBLIC,
      method: 'POST',
      url: '/hooks/:listener',
      schema: { ...PUBLIC.schema, params: z.object({ listener: z.string() }) },
      handler: async (request, reply) => {
        const url = `${config.url}${request.url}`
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
        const body = typeof request.body === 'string' ? request.body : ''
        switch (await actions.hearEnded(request.params.listener, { url, headers, body })) {
          case 'heard':
            return reply.code(202).send()
          case 'forged':
            return sendProblem(reply, { code: 'message_not_signed', detail: 'This is not signed by the provider.' })
          case 'unproven':
            return sendProblem(reply, { code: 'not_ready', detail: 'The signature could not be checked now. Send it again.' })
          case 'nobody_listens':
            return sendProblem(reply, { code: 'not_found', detail: 'Nobody listens here.' })
        }
      },
    })
  }
}
