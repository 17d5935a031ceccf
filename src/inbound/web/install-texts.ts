import { z } from 'zod'
import { type Html, html, outside, strong } from './html.ts'
import type { Page } from './layout.ts'
import { backToSlack } from './page-texts.ts'

/** How an install ended, as far as the page behind it says so. */
export const installOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('installed'), name: z.string(), channelId: z.string().nullable(), connections: z.int() }),
  z.object({ kind: z.literal('first_workspace'), name: z.string() }),
  z.object({ kind: z.literal('not_allowed'), teamId: z.string(), name: z.string() }),
  z.object({ kind: z.literal('scope_missing'), missing: z.array(z.string()) }),
  z.object({
    kind: z.enum([
      'not_this_browser',
      'install_expired',
      'already_used',
      'cancelled',
      'organization',
      'rotating',
      'refused',
      'misconfigured',
      'unreachable',
    ]),
  }),
  /** Our own trouble; `reference` stands in the log. */
  z.object({ kind: z.literal('failed'), reference: z.string().nullable() }),
])

export type InstallOutcome = z.infer<typeof installOutcomeSchema>

/** `installUrl`: where to begin again. */
export function installPage(outcome: InstallOutcome, command: string, installUrl: string): Page {
  const again = { next: { kind: 'link' as const, href: installUrl, label: 'Start again' } }
  switch (outcome.kind) {
    case 'installed':
      return installedPage(outcome, command)
    case 'first_workspace':
      return {
        status: 200,
        look: 'good',
        title: 'This workspace has Redkey already',
        body: [
          html`<p>${strong(outcome.name)} was set up by whoever runs Redkey, and goes on as it is. Type <code>${command}</code> there.</p>`,
          backToSlack(),
        ],
      }
    case 'not_allowed':
      return {
        ...bad(403, 'This workspace may not install this Redkey', [
          html`<p>Whoever runs it has to allow ${strong(outcome.name)} first, by its id <code>${outside(outcome.teamId)}</code> in <code>REDKEY_WORKSPACES</code>. Slack has taken the app's access back; nothing was kept.</p>`,
        ]),
        ...again,
      }
    case 'organization':
      return {
        ...bad(400, 'Redkey is installed workspace by workspace', [
          html`<p>It was installed for a whole organization, which Redkey can't serve. Slack has taken that back. Start again, and choose one workspace instead of the organization.</p>`,
        ]),
        ...again,
      }
    case 'rotating':
      return bad(503, 'The Slack app is not set up right', [
        html`<p>It has token rotation switched on, so that its access would end within hours. Whoever runs Redkey has to make the Slack app anew from its manifest, where that is off. Nothing was kept.</p>`,
      ])
    case 'scope_missing':
      return {
        ...bad(403, 'Redkey needs more rights in Slack', [
          html`<p>Slack did not give ${list(outcome.missing)}. Start again and allow everything that is asked for. Nothing was kept.</p>`,
        ]),
        ...again,
      }
    case 'cancelled':
      return {
        status: 200,
        look: 'plain',
        title: 'Redkey was not installed',
        body: [html`<p>You cancelled it in Slack. Nothing was changed.</p>`],
        ...again,
      }
    case 'not_this_browser':
      return {
        ...bad(400, 'Start here to install Redkey', [
          html`<p>This browser has not set out from Redkey's own page, so nothing was done. That also happens when the install was started in Slack, or when cookies are blocked.</p>`,
        ]),
        ...again,
      }
    case 'install_expired':
      return { status: 410, look: 'plain', title: 'That took too long', body: [html`<p>Nothing was changed.</p>`], ...again }
    case 'already_used':
      return {
        status: 410,
        look: 'plain',
        title: 'This was done already',
        body: [html`<p>If Redkey does not answer to <code>${command}</code> in the workspace, start again.</p>`],
        ...again,
      }
    case 'refused':
      return { ...bad(502, 'Slack did not go through with it', [html`<p>Nothing was kept.</p>`]), ...again }
    case 'misconfigured':
      return bad(503, 'The Slack app is not set up right', [
        html`<p>Slack does not accept Redkey's client id, its secret or its redirect URL. Whoever runs Redkey has to compare them with the Slack app; the log says what Slack said.</p>`,
      ])
    case 'unreachable':
      return { ...bad(502, 'Slack gave no usable answer', [html`<p>Nothing was kept. Try again in a minute.</p>`]), ...again }
    case 'failed':
      return {
        ...bad(500, 'Something went wrong in Redkey', [
          html`<p>Nothing is certain to have been kept. Try again; if it happens again, tell whoever runs Redkey this reference: <code>${outcome.reference ?? 'none'}</code></p>`,
        ]),
        ...again,
      }
    default:
      return outcome satisfies never
  }
}

function installedPage({ name, channelId, connections }: Extract<InstallOutcome, { kind: 'installed' }>, command: string): Page {
  const where =
    channelId === null
      ? html`<li>Then <code>${command} settings channel #that-channel</code>: cards go there. Until then they come to you as direct messages.</li>`
      : html`<li>Cards go to the channel that was set before. For another one: <code>${command} settings channel #that-channel</code>.</li>`
  return {
    status: 200,
    look: 'good',
    title: 'Redkey is installed',
    body: [
      html`<p>Go on in Slack, in the workspace ${strong(name)}:</p>`,
      html`<ol>
<li>Invite the app to the channel where people should hear of it: <code>/invite @redkey</code>.</li>
${where}
<li><code>${command} add</code> connects a CRM or an ad platform.</li>
</ol>`,
      ...(connections === 0
        ? []
        : [
            html`<p>The workspace has ${connections} ${connections === 1 ? 'connection' : 'connections'} already. What could not be told meanwhile is told now.</p>`,
          ]),
    ],
    facts: [['Workspace', outside(name)]],
  }
}

function bad(status: number, title: string, body: readonly Html[]): Page {
  return { status, look: 'bad', title, body }
}

function list(words: readonly string[]): Html {
  return html`${words.map((word, index) => html`${index === 0 ? '' : ', '}<code>${outside(word)}</code>`)}`
}
