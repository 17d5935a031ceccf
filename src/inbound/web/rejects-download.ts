import { attachment } from './attachment.ts'
import { html } from './html.ts'
import { sendPage } from './layout.ts'
import { noFilePage } from './no-file-page.ts'
import { rejectTable } from './rejects-file.ts'
import { ticketRoutes } from './ticket-routes.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const CSV = 'text/csv; charset=utf-8'

/** `/rejects/{ticket}`, behind *Download CSV*: what a CRM refused, as a file. The link is one person's, for an hour. */
export function rejectsDownload(app: WebApp, deps: WebDeps): void {
  const { actions, config } = deps
  const command = config.command ?? '/connections'
  ticketRoutes(app, deps, {
    place: 'rejects',
    type: CSV,
    async open(ticket, _request, reply) {
      const found = await actions.openRejectsLink(ticket)
      if (found.kind !== 'found') {
        const again = html`Type <code>${command} rejects</code> and the connection's name in Slack for a new one.`
        return sendPage(reply, noFilePage(found.kind, { again, gone: 'what was rejected', isFor: 'members of the workspace' }))
      }
      const first = await found.page(0)
      return attachment(reply, found.connection.name, 'rejects.csv', CSV).send(rejectTable(found, first, { forPeople: true }))
    },
  })
}
