import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Visit } from '../../domain/access/identify.ts'
import { toChoice } from './choose.ts'
import { nothingMorePage } from './choose-page.ts'
import { depart } from './depart.ts'
import { allowForm, LOGIN_FORM } from './from-our-page.ts'
import { sendPage } from './layout.ts'
import { connectAskPage, noLoginPage } from './page-texts.ts'
import { toSlackOrRefusal, visitOf } from './sign-in.ts'
import { ticketRoutes } from './ticket-routes.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** Which stored login to use instead of a new one. */
const loginBody = z.object({ login: z.string().max(100) })

/** `/connect/{ticket}`: says who asked and for what; a POST goes on to the provider. */
export function connectRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  ticketRoutes(app, deps, {
    place: 'connect',
    async open(ticket, request, reply) {
      const page = await actions.readConnectLink(visitOf(config.url, request, ticket))
      if (page.kind === 'sign_in' || page.kind === 'not_identified') return toSlackOrRefusal(deps, request, reply, page)
      if (page.kind !== 'ask') return sendPage(reply, noLoginPage(page, 'connect', wordsFor(deps, page)))
      allowForm(reply, LOGIN_FORM)
      return sendPage(reply, connectAskPage(page))
    },
    async press(ticket, request, reply) {
      const visit = visitOf(config.url, request, ticket)
      const login = loginBody.safeParse(request.body).data?.login
      if (login !== undefined) return offer(deps, visit, login, request, reply)
      const begun = await actions.beginConnect(visit)
      if (begun.kind === 'sign_in' || begun.kind === 'not_identified') return toSlackOrRefusal(deps, request, reply, begun)
      if (begun.kind === 'redirect') return depart(config.url, begun, request, reply)
      return sendPage(reply, noLoginPage(begun, 'connect', wordsFor(deps, begun)))
    },
  })
}

/** Further accounts of a login that is stored. */
async function offer(
  deps: WebDeps,
  visit: Visit,
  login: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const further = await deps.actions.offerFurther(visit, login)
  if (further.kind === 'sign_in' || further.kind === 'not_identified') return toSlackOrRefusal(deps, request, reply, further)
  if (further.kind === 'choose') return toChoice(deps, request, reply, further)
  if (further.kind !== 'nothing_more' && further.kind !== 'refused')
    return sendPage(reply, noLoginPage(further, 'connect', wordsFor(deps, further)))
  allowForm(reply, LOGIN_FORM)
  return sendPage(reply, nothingMorePage(further))
}
