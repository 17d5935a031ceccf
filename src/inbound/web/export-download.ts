import { Readable } from 'node:stream'
import type { LinkedBacklog } from '../../domain/outbox/export-backlog.ts'
import { attachment } from './attachment.ts'
import { html } from './html.ts'
import { sendPage } from './layout.ts'
import { noFilePage } from './no-file-page.ts'
import { ticketRoutes } from './ticket-routes.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const NDJSON = 'application/x-ndjson; charset=utf-8'

/**
 * `/export/{ticket}`, offered before a connection is removed: all touchpoints that wait or were refused, as `redkey import` takes
 * them. The link is one person's, for an hour.
 */
export function exportDownload(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  const command = config.command ?? '/connections'
  ticketRoutes(app, deps, {
    place: 'export',
    type: NDJSON,
    async open(ticket, _request, reply) {
      const found = await actions.openExportLink(ticket)
      if (found.kind !== 'found') {
        const again = html`Type <code>${command} remove</code> and the connection's name in Slack: the window that opens has a new one, and removes nothing by itself.`
        const isFor = 'whoever may remove the connection'
        const ask = "the connection's owner or a workspace admin"
        return sendPage(reply, noFilePage(found.kind, { again, gone: 'what waited', isFor, ask }))
      }
      return attachment(reply, found.connection.name, 'touchpoints.ndjson', NDJSON).send(Readable.from(lines(found)))
    },
  })
}

/** One piece of text a page, so that a long list is never in memory as a whole. */
async function* lines(found: Extract<LinkedBacklog, { kind: 'found' }>): AsyncGenerator<string> {
  for await (const page of found.pages()) yield page.map((payload) => `${payload}\n`).join('')
}
