import { depart, ticketParams } from './depart.ts'
import { sendPage } from './layout.ts'
import { alreadyAuthorizedPage, noLoginPage } from './page-texts.ts'
import { PUBLIC } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { labelOf, wordsFor } from './words-for.ts'

/** `/reauthorize/{ticket}`, the URL of the button: one redirect to the provider's login. Writes nothing but a cookie. */
export function reauthorizeRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, clock, config } = deps
  const url = '/reauthorize/:ticket'

  app.route({
    ...PUBLIC,
    method: 'GET',
    url,
    schema: { ...PUBLIC.schema, params: ticketParams },
    handler: async (request, reply) => {
      const begun = await actions.beginReauthorize(request.params.ticket)
      switch (begun.kind) {
        case 'redirect':
          return depart(config.url, begun, request, reply)
        case 'already_authorized':
          return sendPage(reply, alreadyAuthorizedPage(begun, clock.now(), labelOf(deps, begun.connection.provider)))
        default:
          return sendPage(reply, noLoginPage(begun, 'reauthorize', wordsFor(deps, begun)))
      }
    },
  })

  // Link scanners ask with HEAD: nothing is read, begun or told.
  app.route({ ...PUBLIC, method: 'HEAD', url, handler: (_request, reply) => reply.type('text/html; charset=utf-8').send() })
}
