import { type Refusal, whyNotMember } from '../../domain/access/rights.ts'
import type { Person } from '../../domain/slack.ts'
import type { SlackActions } from './actions.ts'

/** Who acts, as the payload says it. */
export interface Asker {
  readonly userId: string
  /** The person's home: another than `teamId` for people of other companies in a shared channel, and of other workspaces of an organization. */
  readonly userTeamId: string | null
  /** The workspace that the app serves here. */
  readonly teamId: string
  readonly channelId: string | null
}

export type Asking =
  | { readonly kind: 'member'; readonly person: Person }
  /** Slack could not tell who it is: may look, but gets no link and changes nothing. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly reason: Refusal }

/**
 * Whether this person may use Redkey at all. The payload's own word on the person's workspace counts where Slack can't tell. That
 * somebody from outside is in a channel is noted.
 */
export async function identify(actions: Pick<SlackActions, 'person' | 'outsiderSeen'>, asker: Asker): Promise<Asking> {
  const asking = await ask(actions, asker)
  const isOutsider = asking.kind === 'refused' && asking.reason !== 'deactivated'
  if (isOutsider && asker.channelId !== null) await actions.outsiderSeen(asker.teamId, asker.channelId)
  return asking
}

async function ask(actions: Pick<SlackActions, 'person'>, asker: Asker): Promise<Asking> {
  const person = await actions.person(asker.teamId, asker.userId)
  const isElsewhere = asker.userTeamId !== null && asker.userTeamId !== asker.teamId
  if (isElsewhere && (person?.teamId ?? null) === null) return { kind: 'refused', reason: 'other_company' }
  if (person === undefined) return { kind: 'unknown' }
  const reason = whyNotMember(person, asker.teamId)
  return reason === null ? { kind: 'member', person } : { kind: 'refused', reason }
}
