import type { BeginReauthorize, ConnectPage } from '../../domain/access/begin-login.ts'
import type { NoLogin } from '../../domain/access/departure.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import { duration } from '../../messages/words.ts'
import { type Html, html, outside, strong } from './html.ts'
import type { Page } from './layout.ts'
import type { ProblemCode } from './problem.ts'

/** What a page may have to name. */
export interface Words {
  /** The Slack command, with its slash. */
  readonly command: string
  /** As people write it; "the provider" where it isn't known. */
  readonly provider: string
}

export function homePage(): Page {
  return {
    status: 200,
    look: 'good',
    title: 'Redkey is running',
    body: [
      html`<p>Redkey watches the connections to your CRMs and ad platforms. When one needs authorization, a card in Slack says so and has a button that fixes it.</p>`,
      html`<p class="soft">There is nothing to do here: it all happens in Slack. For programs there is an API, described in <a href="/openapi.json">/openapi.json</a>.</p>`,
    ],
  }
}

export function connectAskPage(ask: Extract<ConnectPage, { kind: 'ask' }>): Page {
  const provider = outside(ask.providerLabel)
  return {
    status: 200,
    look: 'ask',
    title: `Connect ${ask.providerLabel} to Redkey?`,
    body: [
      html`<p>${strong(ask.userName)} asked in Slack to connect an account of ${strong(ask.providerLabel)}.</p>`,
      html`<ol>
<li>You log in at ${provider} itself; Redkey never sees your password.</li>
<li>${provider} asks whether Redkey may use the account. You can take that back there at any time.</li>
<li>${ask.confirms ? 'Redkey uses the account from then on, and announces it in Slack.' : 'Redkey announces it in Slack. Nothing is written to a CRM until somebody who may change settings has confirmed it there.'}</li>
</ol>`,
      ...(ask.logins.length === 0
        ? []
        : [html`<p>Redkey has a login to ${provider} already. Further accounts that it reaches need no other.</p>`]),
      html`<p class="soft">You are not ${outside(ask.userName)}, or did not expect this? Close this page; nothing has happened.</p>`,
    ],
    ...(ask.logins.length === 0
      ? { next: { kind: 'post' as const, label: `Continue to ${ask.providerLabel}` } }
      : { form: loginsForm(ask.logins) }),
  }
}

/** Most stored logins that are offered. */
const LOGINS = 5

/** Further accounts of a login that is stored need no other. */
function loginsForm(logins: Extract<ConnectPage, { kind: 'ask' }>['logins']): Html {
  const stored = logins
    .slice(0, LOGINS)
    .map(
      ({ id, username }) =>
        html`<button class="button" name="login" value="${id}">Use the login of ${outside(username)}</button>`,
    )
  return html`<form method="post" class="stack">${stored}</form>
<form method="post" class="stack"><button class="button quiet">Log in as somebody else</button></form>`
}

export function alreadyAuthorizedPage(
  found: Extract<BeginReauthorize, { kind: 'already_authorized' }>,
  now: Date,
  provider: string,
): Page {
  const { connection, outage } = found
  return {
    status: 200,
    look: 'good',
    title: 'Already authorized',
    body: [
      outage ? howItEnded(outage, now) : html`<p>Somebody has logged in since, so there is nothing left to do.</p>`,
      backToSlack(),
    ],
    facts: [
      ['Provider', outside(provider)],
      ['Connection', outside(connection.name)],
    ],
  }
}

function howItEnded({ closedAt, closedHow, closedByUsername }: Outage, now: Date): Html {
  const at = closedAt ?? now
  const ago = html`<time datetime="${at.toISOString()}">${duration(now.getTime() - at.getTime())} ago</time>`
  return closedHow === 'reauthorized'
    ? html`<p>${closedByUsername === null ? 'Somebody' : strong(closedByUsername)} logged in ${ago}, so there is nothing left to do.</p>`
    : html`<p>The connection began to work again ${ago}, without a new login. There is nothing to do.</p>`
}

/** A link that can't start a login. */
export function noLoginPage(
  why: NoLogin | { readonly kind: 'already_used' },
  from: 'connect' | 'reauthorize',
  words: Words,
): Page {
  const again =
    from === 'connect'
      ? html`<p>Type <code>${words.command} add</code> in Slack for a new link. It is personal, works once and lasts 10 minutes.</p>`
      : html`<p>Open the newest card of the connection in Slack, or type <code>${words.command}</code> there: both have a fresh link.</p>`
  switch (why.kind) {
    case 'expired':
      return { status: 410, look: 'plain', title: 'This link has expired', body: [again] }
    case 'already_used':
      return {
        status: 410,
        look: 'plain',
        title: 'This link was already used',
        body: [html`<p>If you did not finish the login, start again.</p>`, again],
      }
    case 'forged':
      return forgedLinkPage()
    case 'gone':
      return {
        status: 410,
        look: 'plain',
        title: 'This connection was removed',
        body: [html`<p>So there is nothing to authorize any more.</p>`, backToSlack()],
      }
    case 'not_configured':
      return {
        status: 503,
        look: 'bad',
        title: `${words.provider} is not set up in Redkey`,
        body: [html`<p>The operator has to set its client id and secret first. Nothing was changed.</p>`],
      }
    default:
      return why satisfies never
  }
}

/** A link with a ticket that is none of ours. */
export function forgedLinkPage(): Page {
  return {
    status: 400,
    look: 'bad',
    title: "This link doesn't work",
    body: [
      html`<p>It is not one that Redkey made, or a part of it was lost on the way. Open it in Slack instead of copying it.</p>`,
    ],
  }
}

/** A form that was sent from another site. */
export function crossSitePage(): Page {
  return {
    status: 403,
    look: 'bad',
    title: 'That came from another site',
    body: [
      html`<p>A login has to be started on Redkey's own page. Open the link in Slack and press the button there. Nothing was changed.</p>`,
    ],
  }
}

export function notFoundPage(): Page {
  return {
    status: 404,
    look: 'plain',
    title: 'There is nothing here',
    body: [html`<p>The address may be cut off. Open the link in Slack again.</p>`],
  }
}

/** `reference` is what the operator looks for in the log. */
export function troublePage(code: ProblemCode, reference: string | null): Page {
  switch (code) {
    case 'too_many_requests':
      return {
        status: 429,
        look: 'plain',
        title: 'One moment, please',
        body: [html`<p>There were many requests from your network. Try again in a minute.</p>`],
      }
    case 'storage_unavailable':
      return {
        status: 503,
        look: 'bad',
        title: "Redkey can't reach its database",
        body: [
          html`<p>This usually passes by itself. Open the link in Slack again in a minute; if it stays, tell the operator.</p>`,
        ],
      }
    case 'internal_error':
      return {
        status: 500,
        look: 'bad',
        title: 'Something went wrong in Redkey',
        body: [
          html`<p>It was not your fault. Open the link in Slack once more; if it happens again, tell the operator this reference:</p>`,
          html`<p><code>${reference ?? 'none'}</code></p>`,
        ],
      }
    default:
      return { status: 400, look: 'bad', title: "That can't be understood", body: [html`<p>Open the link in Slack again.</p>`] }
  }
}

export function backToSlack(): Html {
  return html`<p>You can close this page and go back to Slack.</p>`
}

/** Where a button leads there, it need not be said how. */
export function goBack(link: string | null): Html {
  return link === null ? backToSlack() : html`<p>You can go back to Slack.</p>`
}

export function cardNext(link: string | null): Page['next'] {
  return link === null ? undefined : { kind: 'link', href: link, label: 'Show the card in Slack' }
}

export function channelNext(link: string | null): Page['next'] {
  return link === null ? undefined : { kind: 'link', href: link, label: 'Open the channel in Slack' }
}
