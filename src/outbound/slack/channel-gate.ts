import { type Clock, SECOND_MS } from '../../clock.ts'

const BETWEEN_POSTS_MS = SECOND_MS

/** Slack takes one post a second in a channel (docs.slack.dev/apis/web-api/rate-limits, read 2026-11-23). */
export interface ChannelGate {
  /** 0: go ahead, and it counts as gone through. Otherwise how many milliseconds to wait. */
  enter(channelId: string): number
}

export function createChannelGate(clock: Clock): ChannelGate {
  const openAt = new Map<string, number>()
  return {
    enter(channelId) {
      const now = clock.now().getTime()
      const waitMs = Math.min((openAt.get(channelId) ?? 0) - now, BETWEEN_POSTS_MS)
      if (waitMs > 0) return waitMs
      for (const [channel, at] of openAt) if (at <= now) openAt.delete(channel)
      openAt.set(channelId, now + BETWEEN_POSTS_MS)
      return 0
    },
  }
}
