import type { InvitationOver, InvitationPage } from '../../domain/access/begin-invited.ts'
import type { NoLogin } from '../../domain/access/departure.ts'
import { type Html, html, outside, strong } from './html.ts'
import type { Page } from './layout.ts'
import type { Outcome } from './outcome.ts'
import type { Words } from './page-texts.ts'

/** What somebody outside the workspace reads before they log in. */
export function invitationPage(ask: Extract<InvitationPage, { kind: 'ask' }>): Page {
  const { invitedByName, company, connection, providerLabel, expiresAt } = ask
  const provider = outside(providerLabel)
  const who = company === null ? strong(invitedByName) : html`${strong(invitedByName)} of ${strong(company)}`
  return {
    status: 200,
    look: 'ask',
    title: `Log in to ${providerLabel} for Redkey?`,
    body: [
      html`<p>${who} asks you to log in to ${provider}, so that Redkey can go on working with this account:</p>`,
      html`<dl><dt>Account</dt><dd>${accountOf(connection.accountName, connection.environment)}</dd><dt>Provider</dt><dd>${provider}</dd></dl>`,
      html`<ol>
<li>You log in at ${provider} itself; neither Redkey nor whoever asked sees your password.</li>
<li>${provider} asks whether Redkey may use the account. You can take that back there at any time.</li>
<li>Only this account is connected again. A login to another one is refused and changes nothing.</li>
</ol>`,
      html`<p class="soft">The link works for one login, until ${timeOf(expiresAt)}. You don't know who asks, or did not expect this? Close this page; nothing has happened.</p>`,
    ],
    next: { kind: 'post', label: `Continue to ${providerLabel}` },
  }
}

/** The login by an invitation went well. */
export function restoredPage(
  { account, environment, username }: Extract<Outcome, { kind: 'restored' }>,
  { provider }: Words,
): Page {
  return {
    status: 200,
    look: 'good',
    title: 'Thank you, that was all',
    body: [
      html`<p>Redkey can use the account again, and tells whoever asked you. You can close this page; the link has done its work.</p>`,
    ],
    facts: [
      ['Account', accountOf(account, environment)],
      ['Provider', outside(provider)],
      ['Logged in as', outside(username)],
    ],
  }
}

/** The link of an invitation that has ended. */
export function invitationOverPage(how: InvitationOver['how']): Page {
  const why = {
    used: 'Somebody has logged in with it, so it has done its work.',
    over: 'The account works again, so nobody has to log in any more.',
    withdrawn: 'Whoever made it has withdrawn it. Ask them for a new one if you were to log in.',
  }[how]
  return {
    status: 410,
    look: how === 'withdrawn' ? 'plain' : 'good',
    title: 'This invitation is over',
    body: [html`<p>${why} You can close this page.</p>`],
  }
}

/** The link of an invitation that can't start a login. */
export function noInvitationPage(why: NoLogin, { provider }: Words): Page {
  switch (why.kind) {
    case 'expired':
      return {
        status: 410,
        look: 'plain',
        title: 'This invitation has expired',
        body: [html`<p>It worked for three days. Ask whoever sent it to you for a new one.</p>`],
      }
    case 'forged':
      return {
        status: 400,
        look: 'bad',
        title: "This link doesn't work",
        body: [
          html`<p>It is not one that Redkey made, or a part of it was lost on the way. Copy it whole from the message that you got.</p>`,
        ],
      }
    case 'gone':
      return {
        status: 410,
        look: 'plain',
        title: 'This invitation is over',
        body: [html`<p>The connection was removed, so there is nothing to log in for any more. You can close this page.</p>`],
      }
    case 'not_configured':
      return {
        status: 503,
        look: 'bad',
        title: `${provider} is not set up in Redkey`,
        body: [html`<p>Nothing was changed. Tell whoever sent you the link: the operator of Redkey has to act first.</p>`],
      }
    default:
      return why satisfies never
  }
}

function accountOf(name: string, environment: 'production' | 'sandbox'): Html {
  return environment === 'sandbox' ? html`${outside(name)} (sandbox)` : outside(name)
}

/** People outside may be anywhere: "27 Nov 2026, 09:12 UTC". */
function timeOf(at: Date): Html {
  const day = at.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
  const time = at.toLocaleTimeString('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' })
  return html`<time datetime="${at.toISOString()}">${day}, ${time} UTC</time>`
}
