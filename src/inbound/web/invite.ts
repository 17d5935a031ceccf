import { depart } from './depart.ts'
import { allowForm, isFromOurPage, LOGIN_FORM } from './from-our-page.ts'
import { invitationOverPage, invitationPage, noInvitationPage } from './invite-texts.ts'
import { sendPage } from './layout.ts'
import { crossSitePage } from './page-texts.ts'
import { headRoute, TICKETED } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** `/invite/{ticket}`: tells somebody outside the workspace who asks for what; a POST goes on to the provider. */
export function inviteRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  const url = '/invite/:ticket'

  app.route({
    ...TICKETED,
    method: 'GET',
    url,
    handler: async (request, reply) => {
      const page = await actions.readInvitation(request.params.ticket)
      if (page.kind === 'invitation_over') return sendPage(reply, invitationOverPage(page.how))
      if (page.kind !== 'ask') return sendPage(reply, noInvitationPage(page, wordsFor(deps, page)))
      allowForm(reply, LOGIN_FORM)
      return sendPage(reply, invitationPage(page))
    },
  })

  app.route(headRoute(url))

  app.route({
    ...TICKETED,
    method: 'POST',
    url,
    handler: async (request, reply) => {
      if (!isFromOurPage(request, config.url)) return sendPage(reply, crossSitePage())
      const begun = await actions.beginInvited(request.params.ticket)
      if (begun.kind === 'redirect') return depart(config.url, begun, request, reply)
      if (begun.kind === 'invitation_over') return sendPage(reply, invitationOverPage(begun.how))
      return sendPage(reply, noInvitationPage(begun, wordsFor(deps, begun)))
    },
  })
}
