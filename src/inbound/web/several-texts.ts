import { list, plural } from '../../messages/words.ts'
import { type Html, html, outside } from './html.ts'
import type { Page } from './layout.ts'
import type { Named, Outcome } from './outcome.ts'
import { cardNext, channelNext, goBack, type Words } from './page-texts.ts'

/** A login that was for several connections, or connected several accounts. */
export function severalPage(
  outcome: Extract<Outcome, { kind: 'connected_several' | 'reauthorized_several' }>,
  { provider, command }: Words,
): Page {
  const facts: Page['facts'] = [
    ['Provider', outside(provider)],
    ['Logged in as', outside(outcome.username)],
  ]
  if (outcome.kind === 'connected_several') {
    const { added, back, unread, channelLink } = outcome
    const isAllRead = unread.count === 0
    return {
      status: 200,
      look: isAllRead ? 'good' : 'plain',
      title: `${provider}: ${plural(added.count + back.count, 'account')} connected`,
      body: [
        ...(added.count === 0 ? [] : [html`<p>Redkey watches ${named(added)} from now on.</p>`]),
        ...(back.count === 0 ? [] : [html`<p>${named(back)} ${back.count === 1 ? 'is' : 'are'} authorized again.</p>`]),
        ...(isAllRead
          ? []
          : [
              html`<p>${plural(unread.count, 'account')} could not be read with this login, so ${unread.count === 1 ? 'it was' : 'they were'} not connected:</p>`,
              html`<ul>${unread.names.map((one) => html`<li>${outside(one)}</li>`)}</ul>`,
              html`<p><code>${command} add</code> in Slack offers ${unread.count === 1 ? 'it' : 'them'} again.</p>`,
            ]),
        goBack(channelLink),
      ],
      facts,
      next: channelNext(channelLink),
    }
  }
  const { back, missed, unread, cardLink } = outcome
  const left = missed.count + unread.count
  const all = plural(back.count + left, 'connection')
  return {
    status: 200,
    look: left === 0 ? 'good' : 'plain',
    title: left === 0 ? `${provider} is authorized again` : `${back.count} of ${all} are back`,
    body: [
      left === 0
        ? html`<p>All ${all} of this login are back: ${named(back)}.</p>`
        : html`<p>${named(back)} ${back.count === 1 ? 'is' : 'are'} authorized again.</p>`,
      ...(missed.count === 0
        ? []
        : [
            html`<p>${missed.count} ${missed.count === 1 ? 'is' : 'are'} not reached by this login: ${named(missed)}. ${missed.count === 1 ? 'It stays' : 'They stay'} as ${missed.count === 1 ? 'it is' : 'they are'} until somebody logs in who can use ${missed.count === 1 ? 'it' : 'them'}.</p>`,
          ]),
      ...(unread.count === 0
        ? []
        : [
            html`<p>${unread.count} could not be read right now: ${named(unread)}. Open the link of ${unread.count === 1 ? 'its card' : 'one of their cards'} in Slack again in a minute or two.</p>`,
          ]),
      goBack(cardLink),
    ],
    facts,
    next: cardNext(cardLink),
  }
}

function named({ names, count }: Named): Html {
  const others = count - names.length
  return outside(list(others === 0 ? names : [...names, `${others} more`]), 1000)
}
