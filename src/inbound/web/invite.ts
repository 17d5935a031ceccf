import { depart } from './depart.ts'
import { allowForm, LOGIN_FORM } from './from-our-page.ts'
import { invitationOverPage, invitationPage, noInvitationPage } from './invite-texts.ts'
import { sendPage } from './layout.ts'
import { ticketRoutes } from './ticket-routes.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** `/invite/{ticket}`: tells somebody outside the workspace who asks for what; a POST goes on to the provider. */
export function inviteRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  ticketRoutes(app, deps, {
    place: 'invite',
    async open(ticket, _request, reply) {
      const page = await actions.readInvitation(ticket)
      if (page.kind === 'invitation_over') return sendPage(reply, invitationOverPage(page.how))
      if (page.kind !== 'ask') return sendPage(reply, noInvitationPage(page, wordsFor(deps, page)))
      allowForm(reply, LOGIN_FORM)
      return sendPage(reply, invitationPage(page))
    },
    async press(ticket, request, reply) {
      const begun = await actions.beginInvited(ticket)
      if (begun.kind === 'redirect') return depart(config.url, begun, request, reply)
      if (begun.kind === 'invitation_over') return sendPage(reply, invitationOverPage(begun.how))
      return sendPage(reply, noInvitationPage(begun, wordsFor(deps, begun)))
    },
  })
}
