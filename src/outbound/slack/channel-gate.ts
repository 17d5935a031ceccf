import { type Clock, SECOND_MS } from '../../clock.ts'

const BETWEEN_POSTS_MS = SECOND_MS

/** Slack takes one post a second in a channel (docs.slack.dev/apis/web-api/rate-limits, read 2026-11-23). */
export interface ChannelGate {
  /** 0: go ahead, and it counts as gone through. Otherwise how many milliseconds to wait. */
  enter(channelId: string): number
  /** Slack asked to wait so long. */
  shut(channelId: string, ms: number): void
}

export function createChannelGate(clock: Clock): ChannelGate {
  /** `ms`: how long it was shut for, which no wait is longer than, whatever becomes of the clock. */
  const shut = new Map<string, { readonly until: number; readonly ms: number }>()
  const shutFor = (channelId: string, ms: number) => shut.set(channelId, { until: clock.now().getTime() + ms, ms })
  return {
    enter(channelId) {
      const now = clock.now().getTime()
      const { until, ms } = shut.get(channelId) ?? { until: 0, ms: 0 }
      const waitMs = Math.min(until - now, ms)
      if (waitMs > 0) return waitMs
      for (const [channel, one] of shut) if (one.until <= now) shut.delete(channel)
      shutFor(channelId, BETWEEN_POSTS_MS)
      return 0
    },
    shut: shutFor,
  }
}
