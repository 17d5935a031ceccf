import { sendPage } from './layout.ts'
import { noRejectsPage } from './page-texts.ts'
import { headRoute, TICKETED } from './public.ts'
import { rejectTable } from './rejects-file.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const CSV = 'text/csv; charset=utf-8'

/** `/rejects/{ticket}`, behind *Download CSV*: what a CRM refused, as a file. The link is one person's, for an hour. */
export function rejectsDownload(app: WebApp, { actions, config }: WebDeps): void {
  const url = '/rejects/:ticket'

  app.route({
    ...TICKETED,
    method: 'GET',
    url,
    handler: async (request, reply) => {
      const found = await actions.openRejectsLink(request.params.ticket)
      if (found.kind !== 'found') return sendPage(reply, noRejectsPage(found, config.command ?? '/connections'))
      const first = await found.page(0)
      const name = found.connection.name.replace(/[^\w-]/g, '_')
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${name}-rejects.csv"`)
        .type(CSV)
        .send(rejectTable(found, first, { forPeople: true }))
    },
  })

  app.route(headRoute(url, CSV))
}
