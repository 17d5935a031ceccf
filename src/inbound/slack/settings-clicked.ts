import type { AllMiddlewareArgs } from '@slack/bolt'
import { typedOffer } from '../../domain/access/links.ts'
import type { Person } from '../../domain/slack.ts'
import { addForm } from '../../messages/add-form.ts'
import { nothingOffered } from '../../messages/add-reply.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { digestForm } from '../../messages/digest/digest-form.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, type Click, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'
import { openRemoval, openSettings } from './open-settings.ts'
import { openTagging } from './open-tagging.ts'
import { openOrSay, type Window } from './open-view.ts'

type Open = (inbound: Inbound, window: Window, click: Click, person: Person) => Promise<Rendered | null>

/** Settings, in details, in the Home tab, and chosen from the list of `settings`. */
export function settingsClicked(inbound: Inbound) {
  return opens(inbound, ({ actions }, window, { teamId, value }, person) => openSettings(window, actions, teamId, person, value))
}

/** Remove…, in the settings. */
export function removeClicked(inbound: Inbound) {
  return opens(inbound, ({ actions }, window, { teamId, value }, person) => openRemoval(window, actions, teamId, person, value))
}

/** Auto-tagging…, in the settings and the details of an ad platform. */
export function taggingClicked(inbound: Inbound) {
  return opens(inbound, ({ actions }, window, { teamId, value }, person) => openTagging(window, actions, teamId, person, value))
}

/** Change…, beside the weekly digest of a channel. */
export function digestClicked(inbound: Inbound) {
  return opens(inbound, async ({ actions }, window, { teamId, value }, person) => {
    const read = await actions.readDigestForm(teamId, person, value)
    return read.kind === 'found' ? openOrSay(window, digestForm(read.form)) : refused(read.reason)
  })
}

/** Add connection, in the Home tab. */
export function addClicked(inbound: Inbound) {
  return opens(inbound, async (_, window, { teamId }, person) => openAdding(inbound, window, teamId, person))
}

/** The form of *Add*; answers what to say instead where nothing can be added. */
export async function openAdding(
  { actions }: Pick<Inbound, 'actions'>,
  window: Window,
  teamId: string,
  person: Person,
): Promise<Rendered | null> {
  const reason = actions.whyNotAdd(teamId, person)
  if (reason) return refused(reason)
  const offers = await actions.learnOffers()
  const [only, ...others] = offers
  if (!only) return nothingOffered()
  const chosen = others.length === 0 ? typedOffer(only) : null
  const suggested = chosen === null ? '' : await actions.suggestName(teamId, chosen)
  return openOrSay(window, addForm({ offers, channelId: null, ownerId: person.id, chosen, suggested, round: 0 }))
}

/** A button that opens a window, or says why it does not. */
function opens(inbound: Inbound, open: Open) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { triggerId, isInModal } = click
    const means = meansOf(click, { client, respond })
    const asking = await identify(inbound.actions, click)
    if (asking.kind !== 'member')
      return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), inbound.log)
    const instead = await open(inbound, { client, triggerId, isInModal }, click, asking.person)
    if (instead) await answer(means, instead, inbound.log)
  }
}
