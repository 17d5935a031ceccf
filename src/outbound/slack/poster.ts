import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import type { Clock } from '../../clock.ts'
import type { MessageFacts } from '../../domain/cards/card.ts'
import type { ChannelSeen, Lookup, Person, Posting, PostPlace, TokenState, Workspace } from '../../domain/slack.ts'
import type { Log } from '../../log.ts'
import { channelTried } from '../../messages/channel-replies.ts'
import type { Look } from '../../messages/look.ts'
import { renderCard } from '../../messages/render-card.ts'
import { createChannelGate } from './channel-gate.ts'
import { createChannelLook } from './channel-look.ts'
import { createOutsiders } from './outsiders.ts'
import { createPeople } from './people.ts'
import { isThreadGone, lost, readRefusal } from './refusal.ts'

export interface PosterDeps {
  readonly client: WebClient
  readonly look: Look
  readonly clock: Clock
  readonly log: Log
  /** User groups whose membership counts. */
  readonly groupIds: readonly string[]
}

/** What one workspace can be asked, with one token. */
export interface Poster {
  /** Who the bot token belongs to. Undefined while Slack can't be asked. */
  whoAmI(): Promise<Workspace | undefined>
  post(place: PostPlace, facts: MessageFacts): Promise<Posting>
  find(place: PostPlace, messageId: string, since: Date): Promise<Lookup>
  update(place: { readonly channelId: string; readonly ts: string }, facts: MessageFacts): Promise<Posting>
  hasOutsiders(channelId: string): Promise<boolean>
  person(userId: string): Promise<Person | undefined>
  channel(channelId: string): Promise<ChannelSeen>
  tokenState(): Promise<TokenState>
  tryChannel(channelId: string, userId: string): Promise<'yes' | 'no' | 'unknown'>
}

/** `event_type` of the metadata by which a post whose answer was lost can be found again. */
const CARD_METADATA = 'redkey_card'

/** Our clock and Slack's may differ by this much. */
const CLOCK_SKEW_S = 300

/**
 * Posts and edits cards. Nothing sleeps or repeats here, since the row behind the message does: one request per call, and a second one
 * only for a reply whose thread is gone, which goes to the channel.
 */
export function slackPoster({ client, look, clock, log, groupIds }: PosterDeps): Poster {
  const gate = createChannelGate(clock)
  /** Slack asked to wait before the next edit, of whatever card. */
  let noEdits = { since: 0, until: 0 }

  async function post(place: PostPlace, facts: MessageFacts): Promise<Posting> {
    const message = renderCard(facts, look)
    const waitMs = gate.enter(place.channelId)
    if (waitMs > 0) return { kind: 'later', afterMs: waitMs, reason: 'channel_busy' }
    const send = (threading: Threading) =>
      client.chat.postMessage({
        channel: place.channelId,
        text: message.text,
        blocks: [...message.blocks],
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: CARD_METADATA, event_payload: { message_id: facts.message.id } },
        ...threading,
      })
    const posting = await attempt('post', async () => {
      try {
        return await send(inThread(place))
      } catch (error) {
        if (place.threadTs === null || !isThreadGone(error)) throw error
        log.info('slack.thread_gone', { channelId: place.channelId, messageId: facts.message.id })
        return send({})
      }
    })
    if (posting.kind === 'later' && posting.afterMs !== null) gate.shut(place.channelId, posting.afterMs)
    return posting
  }

  async function update(place: { readonly channelId: string; readonly ts: string }, facts: MessageFacts): Promise<Posting> {
    const message = renderCard(facts, look)
    const now = clock.now().getTime()
    if (now < noEdits.until && now >= noEdits.since) return { kind: 'later', afterMs: noEdits.until - now, reason: 'edits_busy' }
    const posting = await attempt('update', async () => {
      const { channelId: channel, ts } = place
      return { channel, ts, ...(await client.chat.update({ channel, ts, text: message.text, blocks: [...message.blocks] })) }
    })
    if (posting.kind === 'later' && posting.afterMs !== null) noEdits = { since: now, until: now + posting.afterMs }
    return posting
  }

  async function attempt(
    call: 'post' | 'update',
    send: () => Promise<{ readonly ts?: string; readonly channel?: string }>,
  ): Promise<Posting> {
    try {
      const { ts, channel } = await send()
      if (ts === undefined || channel === undefined) return lost('answer_without_ts', call)
      return { kind: 'shown', ts, channelId: channel }
    } catch (error) {
      const refusal = readRefusal(error, call)
      log.warn('slack.message_refused', { call, outcome: refusal.kind, reason: 'reason' in refusal ? refusal.reason : null })
      return refusal
    }
  }

  async function find({ channelId, threadTs }: PostPlace, messageId: string, since: Date): Promise<Lookup> {
    const window = {
      channel: channelId,
      oldest: String(since.getTime() / 1000 - CLOCK_SKEW_S),
      include_all_metadata: true,
      limit: 200,
    }
    try {
      const { messages = [] } =
        threadTs === null
          ? await client.conversations.history(window)
          : await client.conversations.replies({ ...window, ts: threadTs })
      const found = messages.find(({ metadata }) => isOurs(metadata, messageId))
      return found?.ts === undefined ? { kind: 'absent' } : { kind: 'found', ts: found.ts, channelId }
    } catch (error) {
      const refusal = readRefusal(error, 'update')
      log.info('slack.history_unreadable', { outcome: refusal.kind, reason: 'reason' in refusal ? refusal.reason : null })
      return { kind: 'cannot_tell' }
    }
  }

  async function whoAmI(): Promise<Workspace | undefined> {
    try {
      const { team_id: teamId, team: name, url, user_id: botUserId } = await client.auth.test()
      if (teamId === undefined || botUserId === undefined) return undefined
      return { teamId, name: name ?? teamId, url: url ?? '', botUserId }
    } catch (error) {
      const refusal = readRefusal(error, 'update')
      log.warn('slack.workspace_unknown', { outcome: refusal.kind, reason: 'reason' in refusal ? refusal.reason : null })
      return undefined
    }
  }

  async function tokenState(): Promise<TokenState> {
    try {
      await client.auth.test()
      return 'works'
    } catch (error) {
      return error instanceof WebAPIPlatformError && DEAD.has(error.data.error) ? 'dead' : 'unknown'
    }
  }

  async function tryChannel(channel: string, user: string): Promise<'yes' | 'no' | 'unknown'> {
    try {
      await client.chat.postEphemeral({ channel, user, text: channelTried() })
      return 'yes'
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error === 'user_not_in_channel') return 'no'
      const refusal = readRefusal(error, 'update')
      log.info('slack.channel_tried', { channelId: channel, outcome: refusal.kind })
      return refusal.kind === 'unreachable' ? 'no' : 'unknown'
    }
  }

  const [hasOutsiders, person] = [createOutsiders(client, clock, log), createPeople(client, clock, log, groupIds)]
  const channel = createChannelLook(client, log)
  return { whoAmI, post, find, update, hasOutsiders, person, channel, tokenState, tryChannel }
}

/** The token will never work again: it was revoked, or the app was removed (auth.test reference, read 2026-11-29). */
const DEAD = new Set(['token_revoked', 'account_inactive'])

function isOurs(metadata: unknown, messageId: string): boolean {
  const { event_type: type, event_payload: payload } = (metadata ?? {}) as {
    event_type?: unknown
    event_payload?: { message_id?: unknown }
  }
  return type === CARD_METADATA && payload?.message_id === messageId
}

type Threading = { readonly thread_ts: string; readonly reply_broadcast: boolean } | { readonly thread_ts?: never }

function inThread({ threadTs, broadcast }: PostPlace): Threading {
  return threadTs === null ? {} : { thread_ts: threadTs, reply_broadcast: broadcast }
}
