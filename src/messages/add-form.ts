import { type Offer, offerLabel, typedOffer } from '../domain/access/links.ts'
import { LONGEST_NAME } from '../domain/connections/connection-name.ts'
import { ADD_VIEW, SAID_VIEW } from './action-ids.ts'
import { type ConnectChoice, connectButton, loginWords } from './add-reply.ts'
import { actions, context, section } from './blocks.ts'
import { channelField, form, personField, type RenderedForm, selectField, textField } from './form.ts'
import type { Look } from './look.ts'
import { cutTo, escapeMrkdwn } from './mrkdwn.ts'
import { duration } from './words.ts'

/** Block ids of its fields. */
export const ADD_FIELDS = { provider: 'provider', name: 'name', channelId: 'channel', ownerId: 'owner' } as const

/** At most 100 can be offered. */
const OFFERS = 100

/** What the form carries along. */
export interface AddFormValue {
  /** The name that was put into its field; somebody may have changed it. */
  readonly suggested: string
  /** Slack keeps what was typed in a block of the same id: with another suggestion the field has another. */
  readonly round: number
}

export interface AddFormShown extends AddFormValue {
  readonly offers: readonly Offer[]
  readonly channelId: string | null
  /** Who adds it, unless somebody else was chosen. */
  readonly ownerId: string | null
  /** As it is typed behind `add`; null: nothing is chosen yet. */
  readonly chosen: string | null
}

export function nameBlock(round: number): string {
  return `${ADD_FIELDS.name}.${round}`
}

export function readAddFormValue(metadata: string): AddFormValue {
  const [round = '', suggested = ''] = metadata.split(' ')
  return { suggested, round: Number.parseInt(round, 10) || 0 }
}

/** Which account to connect, and what its connection is to be like. */
export function addForm({ offers, channelId, ownerId, chosen, suggested, round }: AddFormShown): RenderedForm {
  const choices = offers.slice(0, OFFERS).map((offer) => ({
    value: typedOffer(offer),
    label: cutTo(offerLabel(offer), 75),
  }))
  return form(
    ADD_VIEW,
    'Add a connection',
    `${round} ${suggested}`,
    [
      selectField(ADD_FIELDS.provider, 'What to connect', choices, chosen, {
        none: 'Choose a CRM or an ad platform',
        isTold: true,
      }),
      textField(nameBlock(round), 'Name', suggested, {
        optional: true,
        hint: 'What people will type, such as salesforce-eu.',
        maxLength: 2 * LONGEST_NAME,
      }),
      channelField(ADD_FIELDS.channelId, 'Channel', channelId, {
        none: 'The usual channel',
        optional: true,
        hint: 'Where its cards and reports go. Redkey must be in it.',
      }),
      personField(ADD_FIELDS.ownerId, 'Owner', ownerId, {
        nobody: 'You',
        optional: true,
        hint: 'Asked first when something needs doing.',
      }),
    ],
    { submit: 'Next', close: 'Cancel' },
  )
}

/** The last step: the login, at the provider's own page. */
export function connectWindow(choice: ConnectChoice): RenderedForm {
  const { providerLabel: label, expiresInMs } = choice
  return form(
    SAID_VIEW,
    'Add a connection',
    '',
    [
      section(
        `*Now log in to ${escapeMrkdwn(label)}.*`,
        'Log in with a user who can see everything that Redkey should work with.',
      ),
      actions(connectButton(choice)),
      context(`The button opens the login in your browser. It is for you alone, once, within ${duration(expiresInMs)}.`),
    ],
    { submit: null, close: 'Close' },
  )
}

/** In its place once the button was pressed, which works only once. `label` null: which login it was is not known. */
export function connectOpenedWindow(label: string | null, { command }: Look): RenderedForm {
  return form(
    SAID_VIEW,
    'Add a connection',
    '',
    [
      section('*Go on in your browser.*', `${loginWords(label)} opened there. You can close this window.`),
      context(`If it did not open, or is gone: \`${command} add\` begins anew.`),
    ],
    { submit: null, close: 'Close' },
  )
}
