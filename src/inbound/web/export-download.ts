import { Readable } from 'node:stream'
import type { LinkedBacklog } from '../../domain/outbox/export-backlog.ts'
import { noExportPage } from './export-texts.ts'
import { sendPage } from './layout.ts'
import { headRoute, TICKETED } from './public.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const NDJSON = 'application/x-ndjson; charset=utf-8'

/**
 * `/export/{ticket}`, offered before a connection is removed: all touchpoints that wait or were refused, as `redkey import` takes
 * them. The link is one person's, for an hour.
 */
export function exportDownload(app: WebApp, { actions, config }: WebDeps): void {
  const url = '/export/:ticket'

  app.route({
    ...TICKETED,
    method: 'GET',
    url,
    handler: async (request, reply) => {
      const found = await actions.openExportLink(request.params.ticket)
      if (found.kind !== 'found') return sendPage(reply, noExportPage(found, config.command ?? '/connections'))
      const name = found.connection.name.replace(/[^\w-]/g, '_')
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${name}-touchpoints.ndjson"`)
        .type(NDJSON)
        .send(Readable.from(lines(found)))
    },
  })

  app.route(headRoute(url, NDJSON))
}

/** One piece of text a page, so that a long list is never in memory as a whole. */
async function* lines(found: Extract<LinkedBacklog, { kind: 'found' }>): AsyncGenerator<string> {
  for await (const page of found.pages()) yield page.map((payload) => `${payload}\n`).join('')
}
