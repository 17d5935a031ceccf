import { DAY_MS, later } from '../../clock.ts'
import type { Deps } from '../deps.ts'

/** So long somebody from outside who was met in a channel counts as still there. */
const REMEMBERED_MS = 30 * DAY_MS
/** Met again, it is noted anew no more often than this. */
const NOTED_ANEW_MS = DAY_MS

/** What we ask of the store for channels that people from outside see; whole facts like those of `Store`. */
export interface OutsiderStore {
  /**
   * Guests or people of other companies are in this channel. Unless that is known since `knownSince` or later, cards there with a link
   * to log in are due again, as is what asks anew below them. Answers whether it is news.
   */
  note(teamId: string, channelId: string, at: Date, knownSince: Date): Promise<boolean>
  seenSince(teamId: string, channelId: string, since: Date): Promise<boolean>
  /** Channels with a card that may have a link to log in. */
  channelsWithLinks(): Promise<{ readonly teamId: string; readonly channelId: string }[]>
}

type OutsiderDeps = Pick<Deps, 'store' | 'slack' | 'signIn' | 'clock'>

/**
 * Whether a card in this channel has no link, since people could open it who must not. With Sign in with Slack whoever opens a link is
 * asked who they are, so links may stand anywhere.
 */
export async function hidesLinks(
  { store, slack, signIn, clock }: OutsiderDeps,
  teamId: string,
  channelId: string,
): Promise<boolean> {
  if (signIn !== null) return false
  if (await store.outsiders.seenSince(teamId, channelId, later(clock.now(), -REMEMBERED_MS))) return true
  return slack.hasOutsiders(teamId, channelId)
}

/** Somebody from outside did something in a channel: whatever Slack tells of it, it is one that they see. */
export async function noteOutsider(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  teamId: string,
  channelId: string,
): Promise<void> {
  const now = clock.now()
  await store.outsiders.note(teamId, channelId, now, later(now, -NOTED_ANEW_MS))
}

/** Looks whether channels with links have people from outside by now. Answers how many are news. */
export async function learnOutsiders(deps: OutsiderDeps): Promise<number> {
  if (deps.signIn !== null) return 0
  let news = 0
  for (const { teamId, channelId } of await deps.store.outsiders.channelsWithLinks()) {
    if (!(await deps.slack.hasOutsiders(teamId, channelId))) continue
    const now = deps.clock.now()
    if (await deps.store.outsiders.note(teamId, channelId, now, later(now, -NOTED_ANEW_MS))) news++
  }
  return news
}
