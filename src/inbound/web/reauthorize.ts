import { depart } from './depart.ts'
import { sendPage } from './layout.ts'
import { alreadyAuthorizedPage, noLoginPage } from './page-texts.ts'
import { toSlackOrRefusal, visitOf } from './sign-in.ts'
import { ticketRoutes } from './ticket-routes.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { labelOf, wordsFor } from './words-for.ts'

/** `/reauthorize/{ticket}`, the URL of the button: one redirect to the provider's login, with Sign in with Slack before it. Writes nothing but a cookie. */
export function reauthorizeRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, clock, config } = deps
  ticketRoutes(app, deps, {
    place: 'reauthorize',
    async open(ticket, request, reply) {
      const begun = await actions.beginReauthorize(visitOf(config.url, request, ticket))
      switch (begun.kind) {
        case 'redirect':
          return depart(config.url, begun, request, reply)
        case 'sign_in':
        case 'not_identified':
          return toSlackOrRefusal(deps, request, reply, begun)
        case 'already_authorized':
          return sendPage(reply, alreadyAuthorizedPage(begun, clock.now(), labelOf(deps, begun.connection.provider)))
        default:
          return sendPage(reply, noLoginPage(begun, 'reauthorize', wordsFor(deps, begun)))
      }
    },
  })
}
