import type { WhyNotIdentified } from '../../domain/access/identify.ts'
import { type Html, html } from './html.ts'
import type { Page } from './layout.ts'
import type { Words } from './page-texts.ts'

/** Sign in with Slack did not end well, or with somebody who may not use the link. */
export function notIdentifiedPage(why: WhyNotIdentified, { command }: Words): Page {
  const page = (status: number, look: Page['look'], title: string, ...body: readonly Html[]): Page => {
    return { status, look, title, body }
  }
  const nothing = html`<p>Nothing was changed.</p>`
  const invite = html`<p>If it is you who can log in, ask somebody who may to invite you: <code>${command} invite</code> and the connection's name makes a link for people outside.</p>`
  switch (why) {
    case 'guest':
      return page(
        403,
        'bad',
        "Guests can't use this link",
        html`<p>Slack says that you are a guest of the workspace. Ask a full member to open the link. Nothing was changed.</p>`,
        invite,
      )
    case 'other_company':
      return page(
        403,
        'bad',
        'This link is for members of the workspace',
        html`<p>Slack says that you belong to another company. Ask a member of the workspace to open the link. Nothing was changed.</p>`,
        invite,
      )
    case 'deactivated':
      return page(
        403,
        'bad',
        'Your Slack account is deactivated',
        html`<p>So it can't be used here. Ask a colleague.</p>`,
        nothing,
      )
    case 'not_in_redkey_members':
      return page(
        403,
        'bad',
        'You are not among those who log in',
        html`<p>Whoever runs Redkey has named the people who log in for connections (<code>REDKEY_MEMBERS</code>), and you are none of them. Ask one of them to open the link.</p>`,
        nothing,
      )
    case 'not_in_redkey_admins':
      return page(
        403,
        'bad',
        "You can't add connections",
        html`<p>Whoever runs Redkey has named the people who may (<code>REDKEY_ADMINS</code>), and you are none of them. Ask one of them.</p>`,
        nothing,
      )
    case 'not_yours':
      return page(
        403,
        'bad',
        'This link was made for somebody else',
        html`<p>It works only for the person who asked for it in Slack. Press the button on the card yourself, or type <code>${command}</code> in Slack for a link of your own.</p>`,
        html`<p class="soft">Is it yours, and somebody else is logged in to Slack in this browser? Log out of Slack here, or use a private window.</p>`,
      )
    case 'other_workspace':
      return page(
        403,
        'bad',
        'That is another Slack workspace',
        html`<p>In this browser you are logged in to another workspace than the one that the link comes from. Log in to that one, and open the link again.</p>`,
        nothing,
      )
    case 'unknown_person':
      return page(
        503,
        'plain',
        "Slack can't tell who you are right now",
        html`<p>This usually passes by itself. Open the link again in a minute.</p>`,
        nothing,
      )
    default:
      return unfinishedPage(why, page)
  }
}

type Draw = (status: number, look: Page['look'], title: string, ...body: readonly Html[]) => Page

function unfinishedPage(
  why: 'not_this_browser' | 'login_expired' | 'already_used' | 'cancelled' | 'refused' | 'misconfigured' | 'unreachable',
  page: Draw,
): Page {
  const again = html`<p>Open the link in Slack again. Nothing was changed.</p>`
  switch (why) {
    case 'not_this_browser':
      return page(
        403,
        'bad',
        'That was begun in another browser',
        html`<p>For safety, signing in with Slack must end in the browser that it began in, with cookies allowed. Nothing was changed.</p>`,
        html`<p>Open the link in Slack again, and stay in that browser.</p>`,
      )
    case 'login_expired':
      return page(410, 'plain', 'That took too long', html`<p>Slack has to say within 10 minutes who you are.</p>`, again)
    case 'already_used':
      return page(410, 'plain', 'That is already done', html`<p>The page was opened a second time.</p>`, again)
    case 'cancelled':
      return page(
        400,
        'plain',
        'You did not sign in with Slack',
        html`<p>Redkey only asks Slack who you are, and gets access to nothing else there. Without it the link leads no further.</p>`,
        again,
      )
    case 'refused':
      return page(
        400,
        'bad',
        'Slack did not confirm who you are',
        html`<p>What came back from Slack was not valid, or too late.</p>`,
        again,
      )
    case 'misconfigured':
      return page(
        503,
        'bad',
        'Sign in with Slack is not set up correctly',
        html`<p>Slack does not accept Redkey's client. Whoever runs Redkey has to mend that: <code>npm run redkey -- doctor</code> says what is wrong.</p>`,
        html`<p>Nothing was changed.</p>`,
      )
    case 'unreachable':
      return page(503, 'plain', "Slack can't be reached right now", html`<p>This usually passes by itself.</p>`, again)
    default:
      return why satisfies never
  }
}
