import type { Person } from '../../domain/slack.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { connectionGone } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { removeForm } from '../../messages/remove-form.ts'
import { settingsForm } from '../../messages/settings-form.ts'
import type { SlackActions } from './actions.ts'
import { openOrSay, type Window } from './open-view.ts'

/** Opens the settings of a connection; answers what to say instead to whom may not change them. */
export async function openSettings(
  window: Window,
  actions: Pick<SlackActions, 'readSettings'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<Rendered | null> {
  const read = await actions.readSettings(teamId, person, connectionId)
  if (read.kind === 'not_allowed') return refused(read.reason)
  return read.kind === 'found' ? openOrSay(window, settingsForm(read.form)) : connectionGone()
}

/** Asks whether a connection shall really go. */
export async function openRemoval(
  window: Window,
  actions: Pick<SlackActions, 'readRemoval'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<Rendered | null> {
  const read = await actions.readRemoval(teamId, person, connectionId)
  if (read.kind === 'not_allowed') return refused(read.reason)
  return read.kind === 'found' ? openOrSay(window, removeForm(read.form)) : connectionGone()
}
