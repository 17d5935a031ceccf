import { type Offer, typedOffer } from '../domain/access/links.ts'
import { LONGEST_NAME } from '../domain/connections/connection-name.ts'
import { ADD_VIEW, CONNECT_ACTION, SAID_VIEW } from './action-ids.ts'
import type { ConnectChoice } from './add-reply.ts'
import { actions, button, context, section } from './blocks.ts'
import { channelField, form, personField, type RenderedForm, selectField, textField } from './form.ts'
import { duration } from './words.ts'

/** Block ids of its fields. */
export const ADD_FIELDS = { provider: 'provider', name: 'name', channelId: 'channel', ownerId: 'owner' } as const

/** At most 100 can be offered. */
const OFFERS = 100

/** Which account to connect, and what its connection is to be like. */
export function addForm(offers: readonly Offer[], personId: string): RenderedForm {
  const choices = offers.slice(0, OFFERS).map((offer) => ({
    value: typedOffer(offer),
    label: (offer.client === null ? offer.label : `${offer.label} (${offer.client})`).slice(0, 75),
  }))
  const [only, ...others] = choices
  return form(
    ADD_VIEW,
    'Add a connection',
    '',
    [
      selectField(ADD_FIELDS.provider, 'What to connect', choices, others.length === 0 ? (only?.value ?? null) : null, {
        none: 'Choose a CRM or an ad platform',
      }),
      textField(ADD_FIELDS.name, 'Name', '', {
        optional: true,
        hint: 'What people will type, such as salesforce-eu. Left empty, it is named after what is connected.',
        maxLength: 2 * LONGEST_NAME,
      }),
      channelField(ADD_FIELDS.channelId, 'Channel', null, {
        none: 'The usual channel',
        optional: true,
        hint: 'Where its cards and reports go. Redkey must be in it.',
      }),
      personField(ADD_FIELDS.ownerId, 'Owner', personId, {
        nobody: 'You',
        optional: true,
        hint: 'Asked first when something needs doing.',
      }),
    ],
    { submit: 'Next', close: 'Cancel' },
  )
}

/** The last step: the login, at the provider's own page. */
export function connectWindow({ providerLabel: label, url, expiresInMs }: ConnectChoice): RenderedForm {
  return form(
    SAID_VIEW,
    'Add a connection',
    '',
    [
      section(`*Now log in to ${label}.*`, 'Use an account that may see everything Redkey shall work with.'),
      actions(button('Connect', CONNECT_ACTION, { style: 'primary', url, accessibility_label: `Connect ${label}`.slice(0, 75) })),
      context(`The button opens the login in your browser. It is for you alone, once, within ${duration(expiresInMs)}.`),
    ],
    { submit: null, close: 'Close' },
  )
}
