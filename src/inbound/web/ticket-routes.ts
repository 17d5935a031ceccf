import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isFromOurPage } from './from-our-page.ts'
import { sendPage } from './layout.ts'
import { crossSitePage } from './page-texts.ts'
import { headRoute, PUBLIC } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

type Answer = (ticket: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** What is behind a link that holds a ticket, at `/{place}/{ticket}`. `press`: what the button of its page sends, from no other site. */
export function ticketRoutes(
  app: WebApp,
  { config }: Pick<WebDeps, 'config'>,
  {
    place,
    type,
    open,
    press,
  }: { readonly place: string; readonly type?: string; readonly open: Answer; readonly press?: Answer },
): void {
  const url = `/${place}/:ticket`
  const route = { ...PUBLIC, url, schema: { ...PUBLIC.schema, params: z.object({ ticket: z.string() }) } }
  app.route({ ...route, method: 'GET', handler: (request, reply) => open(request.params.ticket, request, reply) })
  app.route(headRoute(url, type))
  if (!press) return
  app.route({
    ...route,
    method: 'POST',
    handler: async (request, reply) =>
      isFromOurPage(request, config.url) ? press(request.params.ticket, request, reply) : sendPage(reply, crossSitePage()),
  })
}
