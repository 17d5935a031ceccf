import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'

const KEPT_MS = 10 * MINUTE_MS
/** After a failure that will pass. */
const ASK_AGAIN_MS = MINUTE_MS
/** Guests come and go less often than channels are asked about. */
const GUESTS_KEPT_MS = HOUR_MS
/** A card waits no longer for what Slack says of a channel that nobody has asked about yet. */
const WAITED_MS = 2 * SECOND_MS
/** Of 1,000 people each: beyond that guests are not looked for. */
const MOST_PAGES = 20

/** Undefined: Slack did not tell. */
type Told = boolean | undefined

/**
 * Whether guests or people of other companies are in a channel, as far as Slack tells: that takes `channels:read`, or `groups:read`
 * for private channels. Unknown counts as no. Asked at most every ten minutes for each channel; meanwhile, and while a newer answer is
 * on its way, the last one counts.
 */
export function createOutsiders(client: WebClient, clock: Clock, log: Log): (channelId: string) => Promise<boolean> {
  const guestsOf = createGuests(client, clock)
  const known = new Map<string, { until: number; told: Told; asking: Promise<Told> | null }>()

  async function ask(channelId: string): Promise<Told> {
    try {
      const { channel } = await client.conversations.info({ channel: channelId })
      if (channel === undefined) return undefined
      const isOfOrganization = channel.is_org_shared === true && channel.is_ext_shared !== true
      if (channel.is_ext_shared || channel.is_pending_ext_shared || (channel.is_shared && !isOfOrganization)) return true
      const guests = await guestsOf()
      return guests.size > 0 && (await hasAny(client, channelId, guests))
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : 'no_answer'
      if (code !== 'missing_scope') log.warn('slack.channel_unknown', { channelId, code })
      return code === 'missing_scope' ? false : undefined
    }
  }

  function askAnew(channelId: string): Promise<Told> {
    const last = known.get(channelId)
    if (last?.asking) return last.asking
    const asking = ask(channelId).then((answer) => {
      const told = answer ?? last?.told
      known.set(channelId, { told, until: clock.now().getTime() + (answer === undefined ? ASK_AGAIN_MS : KEPT_MS), asking: null })
      return told
    })
    known.set(channelId, { told: last?.told, until: 0, asking })
    return asking
  }

  return async (channelId) => {
    const last = known.get(channelId)
    if (last && last.until > clock.now().getTime()) return last.told === true
    const asking = askAnew(channelId)
    return (last?.told ?? (await soon(asking))) === true
  }
}

async function soon(asking: Promise<Told>): Promise<Told> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), WAITED_MS)
  try {
    return await Promise.race([asking, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** User ids of the guests, and of strangers whom Slack lists. */
function createGuests(client: WebClient, clock: Clock): () => Promise<ReadonlySet<string>> {
  let guests: ReadonlySet<string> = new Set()
  let until = 0
  return async () => {
    if (clock.now().getTime() < until) return guests
    const found = new Set<string>()
    let cursor: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const { members = [], response_metadata: more } = await client.users.list({ limit: 1000, ...(cursor && { cursor }) })
      for (const { id, deleted, is_restricted, is_ultra_restricted, ...rest } of members) {
        const isOutsider = is_restricted || is_ultra_restricted || ('is_stranger' in rest && rest.is_stranger)
        if (id !== undefined && isOutsider && !deleted) found.add(id)
      }
      cursor = more?.next_cursor
      if (!cursor) break
    }
    guests = found
    until = clock.now().getTime() + GUESTS_KEPT_MS
    return guests
  }
}

async function hasAny(client: WebClient, channel: string, people: ReadonlySet<string>): Promise<boolean> {
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const { members = [], response_metadata: more } = await client.conversations.members({
      channel,
      limit: 1000,
      ...(cursor && { cursor }),
    })
    if (members.some((id) => people.has(id))) return true
    cursor = more?.next_cursor
    if (!cursor) return false
  }
  return false
}
