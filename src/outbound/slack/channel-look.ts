import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { SECOND_MS } from '../../clock.ts'
import type { ChannelSeen } from '../../domain/slack.ts'
import type { Log } from '../../log.ts'

/** Slack waits three seconds for what becomes of a form. */
const PATIENCE_MS = 1.5 * SECOND_MS

/**
 * Looks at one channel. Needs the optional scope `channels:read`, or `groups:read` for private ones
 * (https://docs.slack.dev/reference/methods/conversations.info, read 2026-11-30).
 */
export function createChannelLook(client: WebClient, log: Log): (channelId: string) => Promise<ChannelSeen> {
  async function look(channel: string): Promise<ChannelSeen> {
    try {
      const { channel: seen } = await client.conversations.info({ channel })
      if (seen?.is_archived) return { kind: 'archived' }
      return { kind: seen?.is_member === false ? 'not_member' : 'fine' }
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : 'no_answer'
      if (code === 'channel_not_found') return { kind: 'not_seen' }
      log.info('slack.channel_unknown', { channelId: channel, code })
      return { kind: 'cannot_tell' }
    }
  }

  return async (channelId) => {
    const { promise: late, resolve } = Promise.withResolvers<ChannelSeen>()
    const timer = setTimeout(() => resolve({ kind: 'cannot_tell' }), PATIENCE_MS)
    try {
      return await Promise.race([look(channelId), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
