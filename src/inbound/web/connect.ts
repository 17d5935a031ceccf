import type { FastifyRequest } from 'fastify'
import { depart } from './depart.ts'
import { sendPage } from './layout.ts'
import { connectAskPage, crossSitePage, noLoginPage } from './page-texts.ts'
import { headRoute, TICKETED } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/**
 * A login goes through redirects that nobody can list (the provider's, the customer's own identity provider), and Chromium holds
 * all of them against `form-action`. So the page with the form allows any https host, and http on this machine only.
 */
const FORM_ACTION = "form-action 'self' https: http://localhost:* http://127.0.0.1:*"

/** `/connect/{ticket}`: says who asked and for what; a POST goes on to the provider. */
export function connectRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  const url = '/connect/:ticket'

  app.route({
    ...TICKETED,
    method: 'GET',
    url,
    handler: async (request, reply) => {
      const page = await actions.readConnectLink(request.params.ticket)
      if (page.kind !== 'ask') return sendPage(reply, noLoginPage(page, 'connect', wordsFor(deps, page)))
      const policy = String(reply.getHeader('content-security-policy')).replace("form-action 'none'", FORM_ACTION)
      reply.header('content-security-policy', policy)
      // With `no-referrer` a browser says `Origin: null` with the form, and the form could not be told from a foreign one.
      reply.header('referrer-policy', 'same-origin')
      return sendPage(reply, connectAskPage(page))
    },
  })

  app.route(headRoute(url))

  app.route({
    ...TICKETED,
    method: 'POST',
    url,
    handler: async (request, reply) => {
      if (!isFromOurPage(request, config.url)) return sendPage(reply, crossSitePage())
      const begun = await actions.beginConnect(request.params.ticket)
      if (begun.kind === 'redirect') return depart(config.url, begun, request, reply)
      return sendPage(reply, noLoginPage(begun, 'connect', wordsFor(deps, begun)))
    },
  })
}

/** Else anybody could send a browser on to log in for a link of their own, without its owner having read the page. */
function isFromOurPage({ headers }: FastifyRequest, url: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === new URL(url).origin
}
