import { type Refusal, whyNotChangeWorkspace, whyNotMember } from '../access/rights.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'

type ChannelDeps = Pick<Deps, 'store' | 'settings'>

/**
 * Where what has no channel of its own goes: `REDKEY_CHANNEL` in the workspace of the settings; in others the one that was set there,
 * and until then to whoever installed the app (a user id: Slack makes it a direct message).
 */
export async function defaultChannel({ store, settings }: ChannelDeps, teamId: string): Promise<string> {
  const installed = await store.installations.find(teamId)
  return installed === undefined ? settings.channelId : (installed.channelId ?? installed.installedBy)
}

export type ChannelChange =
  | { readonly kind: 'done'; readonly channelId: string }
  /** It is in the settings of Redkey. */
  | { readonly kind: 'of_settings' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_admin' }
  /** The app or the person is not in that channel, or nobody can write there. */
  | { readonly kind: 'not_there'; readonly channelId: string }
  | { readonly kind: 'try_later' }

/** A person says where the cards of the workspace go. Slack is asked whether they can before anything is changed. */
export async function changeDefaultChannel(
  { store, slack, settings, clock, newId, log }: ChannelDeps & Pick<Deps, 'slack' | 'clock' | 'newId' | 'log'>,
  teamId: string,
  person: Person,
  channelId: string,
): Promise<ChannelChange> {
  const installed = await store.installations.find(teamId)
  const reason = installed ? whyNotChangeWorkspace(person, teamId, installed.installedBy, settings) : whyNotMember(person, teamId)
  if (reason) return { kind: 'not_allowed', reason }
  if (!installed) return { kind: 'of_settings' }
  const tried = await slack.tryChannel(teamId, channelId, person.id)
  if (tried === 'no') return { kind: 'not_there', channelId }
  if (tried === 'unknown') return { kind: 'try_later' }
  const at = clock.now()
  const audit = { id: newId(), teamId, actor: person.id, action: 'channel_changed' as const, detail: channelId, at }
  if (!(await store.installations.setChannel(teamId, channelId, audit))) return { kind: 'try_later' }
  log.info('workspace.channel_changed', { teamId, channelId })
  return { kind: 'done', channelId }
}
