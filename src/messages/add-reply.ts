import { type ConnectLink, type Offer, offerLabel, typedOffer } from '../domain/access/links.ts'
import { CONNECT_ACTION } from './action-ids.ts'
import { type Button, button, context, type Rendered, section, sectionWith } from './blocks.ts'
import type { Look } from './look.ts'
import { code, cutTo, escapeMrkdwn } from './mrkdwn.ts'
import { refused } from './refused.ts'
import { duration, list } from './words.ts'

export interface ConnectChoice {
  readonly providerLabel: string
  /** What gives another one, behind `add`. */
  readonly typed: string
  readonly url: string
  readonly expiresInMs: number
}

/** The answer to `add <provider>`: a personal link, or what can be connected. */
export function addReply(link: ConnectLink, typed: string, look: Look): Rendered {
  switch (link.kind) {
    case 'link':
      return connectChoices([link])
    case 'unknown_provider':
      return unknownProvider(link.nearest, link.offered, typed, look)
    case 'not_allowed':
      return refused(link.reason)
    default:
      return link satisfies never
  }
}

/** One Connect button for each provider. */
export function connectChoices(choices: readonly ConnectChoice[]): Rendered {
  const expiresInMs = Math.min(...choices.map((choice) => choice.expiresInMs))
  const labels = choices.map((choice) => choice.providerLabel)
  if (choices.length === 0) return nothingOffered()
  return {
    text: `Connect ${list(labels, 'or')}: the button opens the login. The link is for you alone and works for ${duration(expiresInMs)}.`,
    blocks: [
      ...choices.map((choice) =>
        sectionWith(
          connectButton(choice),
          `*${choice.providerLabel}*\nLog in with a user who can see everything that Redkey should work with.`,
        ),
      ),
      context(`For you alone, once, within ${duration(expiresInMs)}.`),
    ],
  }
}

/** Opens the login, once. It carries what was asked for, so that its place can say how to get another. */
export function connectButton({ providerLabel: label, typed, url }: ConnectChoice): Button {
  const how = { style: 'primary' as const, url, value: typed }
  return button('Connect', CONNECT_ACTION, { ...how, accessibility_label: cutTo(`Connect ${label}`, 75) })
}

/** In place of a Connect button that was pressed. `offer` null: which login it was is not known. */
export function connectOpened(offer: Offer | null, { command }: Look): Rendered {
  const again = `${command} add${offer === null ? '' : ` ${escapeMrkdwn(typedOffer(offer))}`}`
  const label = offer === null ? null : offerLabel(offer)
  const text = `${loginWords(label)} opened in your browser: go on there. If it did not open, or is gone: \`${again}\` gives another button.`
  return { text, blocks: [section(text)] }
}

export function loginWords(label: string | null): string {
  return label === null ? 'The login' : `The ${escapeMrkdwn(label)} login`
}

function unknownProvider(nearest: string | null, offered: readonly Offer[], typed: string, look: Look): Rendered {
  if (offered.length === 0) return nothingOffered()
  const suggestion = nearest === null ? '' : ` Did you mean \`${look.command} add ${nearest}\`?`
  const known = list(
    offered.map((offer) => `${offer.label} (${code(typedOffer(offer))})`),
    'or',
  )
  const text = `I can't connect ${code(typed)}.${suggestion} I can connect ${known}.`
  return { text, blocks: [section(text)] }
}

export function nothingOffered(): Rendered {
  const text =
    'No provider is set up yet. Whoever runs Redkey sets its client id and secret (such as `SALESFORCE_CLIENT_ID` and `SALESFORCE_CLIENT_SECRET`) and starts it again.'
  return { text, blocks: [section(text)] }
}
