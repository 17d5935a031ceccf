import type { LinkedBacklog } from '../../domain/outbox/export-backlog.ts'
import { html } from './html.ts'
import type { Page } from './layout.ts'
import { backToSlack } from './page-texts.ts'

export function noExportPage(why: Exclude<LinkedBacklog, { kind: 'found' }>, command: string): Page {
  switch (why.kind) {
    case 'expired':
      return {
        status: 410,
        look: 'plain',
        title: 'This link has expired',
        body: [
          html`<p>It worked for an hour. Type <code>${command} remove</code> and the connection's name in Slack: the window that opens has a new one, and removes nothing by itself.</p>`,
        ],
      }
    case 'gone':
      return {
        status: 410,
        look: 'plain',
        title: 'This connection was removed',
        body: [html`<p>And with it what waited.</p>`, backToSlack()],
      }
    case 'not_allowed':
      return {
        status: 403,
        look: 'bad',
        title: 'This file is for whoever may remove the connection',
        body: [
          html`<p>The person whom this link was made for may not any more. Ask the connection's owner or a workspace admin.</p>`,
        ],
      }
    case 'forged':
      return {
        status: 400,
        look: 'bad',
        title: "This link doesn't work",
        body: [
          html`<p>It is not one that Redkey made, or a part of it was lost on the way. Open it in Slack instead of copying it.</p>`,
        ],
      }
    default:
      return why satisfies never
  }
}
