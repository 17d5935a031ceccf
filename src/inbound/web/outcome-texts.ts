import { scopeWords } from '../../messages/scopes.ts'
import { plural } from '../../messages/words.ts'
import { type Html, html, outside, strong } from './html.ts'
import { invitationOverPage, restoredPage } from './invite-texts.ts'
import type { Page } from './layout.ts'
import type { Outcome } from './outcome.ts'
import { backToSlack, cardNext, channelNext, goBack, troublePage, type Words } from './page-texts.ts'
import { severalPage } from './several-texts.ts'
import { notIdentifiedPage } from './sign-in-texts.ts'

/** The page at the end of a login. */
export function outcomePage(outcome: Outcome, words: Words): Page {
  const { provider } = words
  switch (outcome.kind) {
    case 'connected':
      return {
        ...done(outcome, words),
        title: `${provider} is connected`,
        body: [html`<p>${whatNow(outcome)}</p>`, goBack(outcome.channelLink)],
        next: channelNext(outcome.channelLink),
      }
    case 'reauthorized':
      return {
        ...done(outcome, words),
        title: outcome.isKnown ? 'This account was connected already' : `${provider} is authorized again`,
        body: [
          ...(outcome.isKnown
            ? [
                html`<p>It is ${strong(outcome.name)}, so nothing was added. Redkey uses your login for it from now on; its name, channel and owner stay as they were.</p>`,
              ]
            : []),
          pushing(outcome),
          goBack(outcome.cardLink),
        ],
        next: cardNext(outcome.cardLink),
      }
    case 'connected_several':
    case 'reauthorized_several':
      return severalPage(outcome, words)
    case 'restored':
      return restoredPage(outcome, words)
    case 'invitation_over':
      return invitationOverPage(outcome.how)
    case 'cancelled':
      return {
        status: 400,
        look: 'plain',
        title: 'The login was cancelled',
        body: [
          html`<p>Nothing was changed. Open the link again when you are ready, and allow what ${outside(provider)} asks for.</p>`,
        ],
      }
    case 'wrong_account':
      return {
        status: 409,
        look: 'bad',
        title: 'That is another account',
        body: [
          html`<p>You logged in to ${strong(outcome.came)} as ${strong(outcome.username)}, but the connection belongs to another account of ${outside(provider)}. Nothing was changed.</p>`,
          html`<p>Log out of ${outside(provider)} in this browser, or use a private window. Then open the link again and log in to the account that the card or the invitation names.</p>`,
        ],
      }
    case 'scope_missing':
      return {
        status: 400,
        look: 'bad',
        title: 'Something was not allowed',
        body: [
          html`<p>The login worked, but Redkey was not given everything it needs. Missing:</p>`,
          html`<ul>${outcome.missing.map(scopeItem)}</ul>`,
          html`<p>Open the link again and allow everything that ${outside(provider)} asks. If it does not ask, an administrator has to add this to the Redkey app there. Until then nothing is changed.</p>`,
        ],
      }
    case 'refused':
      return {
        status: 400,
        look: 'bad',
        title: `The login did not work`,
        body: [
          html`<p>${outside(outcome.explanation, 300)}</p>`,
          ...(outcome.steps.length > 0 ? [adminSteps(outcome.steps, provider)] : []),
          outcome.again
            ? html`<p>This may pass by itself: open the link again in a minute or two. Nothing was changed.</p>`
            : html`<p>The same login will not work again until that is solved. Nothing was changed.</p>`,
        ],
      }
    case 'not_identified':
      return notIdentifiedPage(outcome.why, words)
    case 'failed':
      return troublePage(outcome.isStorage ? 'storage_unavailable' : 'internal_error', outcome.reference)
    default:
      return unfinishedPage(outcome.kind, words)
  }
}

function adminSteps(steps: readonly string[], provider: string): Html {
  return html`<p>An administrator of ${outside(provider)} has to act first:</p><ol>${steps.map((step) => html`<li>${outside(step, 300)}</li>`)}</ol>`
}

function scopeItem(scope: string): Html {
  const { isName, meaning } = scopeWords(scope)
  if (!isName) return html`<li>${strong(scope)}</li>`
  const name = html`<code>${outside(scope)}</code>`
  return meaning === null ? html`<li>${name}</li>` : html`<li>${meaning} (${name})</li>`
}

/** A login that can't be matched with one that was begun here. */
function unfinishedPage(kind: 'not_this_browser' | 'login_expired' | 'already_used' | 'gone', { provider }: Words): Page {
  switch (kind) {
    case 'not_this_browser':
      return {
        status: 403,
        look: 'bad',
        title: 'The login was begun in another browser',
        body: [
          html`<p>For safety a login must end in the browser that it began in, with cookies allowed. Nothing was changed.</p>`,
          html`<p>Open the link again, and stay in that browser.</p>`,
        ],
      }
    case 'login_expired':
      return {
        status: 410,
        look: 'plain',
        title: 'The login took too long',
        body: [html`<p>It has to be finished within 10 minutes. Nothing was changed; open the link again.</p>`],
      }
    case 'already_used':
      return {
        status: 410,
        look: 'plain',
        title: 'This login is already done',
        body: [html`<p>The page was opened a second time. How it ended is in Slack.</p>`, backToSlack()],
      }
    case 'gone':
      return {
        status: 410,
        look: 'plain',
        title: 'This connection was removed',
        body: [html`<p>It went away while you were at ${outside(provider)}. Nothing was changed.</p>`, backToSlack()],
      }
    default:
      return kind satisfies never
  }
}

/** The address of a result, opened later or elsewhere. */
export function resultGonePage(): Page {
  return {
    status: 410,
    look: 'plain',
    title: 'Nothing more to see here',
    body: [
      html`<p>This page shows how a login ended, for some minutes and only in the browser that logged in. It is in Slack as well.</p>`,
    ],
  }
}

type Finished = Extract<Outcome, { kind: 'connected' | 'reauthorized' }>

function done(outcome: Finished, { provider }: Words): Pick<Page, 'status' | 'look' | 'facts'> {
  const { account, environment, name, username } = outcome
  return {
    status: 200,
    look: 'good',
    facts: [
      ['Account', environment === 'sandbox' ? html`${outside(account)} (sandbox)` : outside(account)],
      ['Provider', outside(provider)],
      ['Logged in as', outside(username)],
      ['Connection', outside(name)],
    ],
  }
}

function whatNow({ isCrm, isConfirmed }: Extract<Outcome, { kind: 'connected' }>): string {
  if (!isCrm) return 'Redkey watches it from now on.'
  return isConfirmed
    ? 'New touchpoints are pushed to it from now on.'
    : 'Nothing is pushed to it yet: somebody who may change settings has to confirm it in Slack first.'
}

function pushing({ isCrm, isConfirmed, isHeld, missed }: Extract<Outcome, { kind: 'reauthorized' }>) {
  if (!isCrm && isHeld) return html`<p>It is paused: it goes on when somebody resumes it in Slack.</p>`
  if (!isCrm) return html`<p>Redkey watches it again from now on.</p>`
  if (missed <= 0) return html`<p>No touchpoints were waiting, so nothing was missed.</p>`
  const waiting = html`<strong>${plural(missed, 'missed touchpoint')}</strong>`
  if (!isConfirmed)
    return html`<p>${waiting} ${missed === 1 ? 'waits' : 'wait'} until somebody who may change settings has confirmed the connection in Slack.</p>`
  if (isHeld)
    return html`<p>${waiting} ${missed === 1 ? 'waits' : 'wait'}: the card in Slack says for what, and how to go on.</p>`
  return html`<p>${waiting} ${missed === 1 ? 'is' : 'are'} being pushed now. The card in Slack shows how far it is, and a report follows when all are accounted for.</p>`
}
