import type { Slack } from '../../../src/domain/slack.ts'
import { silentLog } from '../../../src/log.ts'
import { slackPoster } from '../../../src/outbound/slack/poster.ts'
import { slackWebClient } from '../../../src/outbound/slack/web-client.ts'
import { LOOK } from '../../messages/a-card.ts'
import { aClock, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'

/** The real poster against `apiUrl`, with a clock that is turned by hand. */
export function aPoster(
  apiUrl: string,
  token = BOT_TOKEN,
  groupIds: readonly string[] = [],
): { poster: Slack; clock: ReturnType<typeof aClock> } {
  const clock = aClock()
  const client = slackWebClient(token, apiUrl, 500)
  return { poster: slackPoster({ client, look: LOOK, clock, log: silentLog, groupIds }), clock }
}
