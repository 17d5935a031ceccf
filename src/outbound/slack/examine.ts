import { type Finding, fine, problem, warning } from '../../domain/finding.ts'
import { BOT_SCOPES } from './scopes.ts'
import { slackWebClient } from './web-client.ts'

export interface SlackToExamine {
  readonly apiUrl: string
  /** Null: only workspaces that install the app are served. */
  readonly botToken: string | null
  readonly appToken: string | null
  readonly channelId: string
  /** User groups that the settings name. */
  readonly groupIds: readonly string[]
  /** Sign in with Slack is set up. */
  readonly identifies: boolean
}

/** Looks at both tokens, the scopes and the channel, and changes nothing. */
export async function examineSlack(slack: SlackToExamine, now: Date): Promise<Finding[]> {
  const { botToken, appToken, apiUrl } = slack
  const common = async () => [
    ...(appToken === null ? [] : [await examineAppToken(appToken, apiUrl)]),
    await examineClock(apiUrl, now),
  ]
  return botToken === null ? common() : examineBot({ ...slack, botToken }, common)
}

async function examineBot(
  slack: SlackToExamine & { readonly botToken: string },
  others: () => Promise<Finding[]>,
): Promise<Finding[]> {
  const client = slackWebClient(slack.botToken, slack.apiUrl)
  let scopes: readonly string[]
  let who: string
  try {
    const told = await client.auth.test()
    who = `${told.team} as @${told.user}`
    scopes = told.response_metadata?.scopes ?? []
  } catch (error) {
    return [
      problem(
        'Slack bot token',
        `Slack refuses it: ${reasonOf(error)}.`,
        'Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app into SLACK_BOT_TOKEN.',
      ),
    ]
  }
  const missing = BOT_SCOPES.filter((scope) => scopes.length > 0 && !scopes.includes(scope))
  return [
    fine('Slack bot token', `It belongs to ${who}.`),
    missing.length > 0
      ? problem(
          'Slack scopes',
          `The bot token lacks ${missing.join(', ')}.`,
          'Update the app with manifest.yml and reinstall it to the workspace.',
        )
      : fine('Slack scopes', BOT_SCOPES.join(', ')),
    await examineChannel(slack, scopes),
    ...(await Promise.all(slack.groupIds.map((groupId) => examineGroup(slack, groupId)))),
    ...(await others()),
  ]
}

async function examineChannel(
  { botToken, apiUrl, channelId, identifies }: SlackToExamine,
  scopes: readonly string[],
): Promise<Finding> {
  const about = `Slack channel ${channelId}`
  if (!scopes.includes('channels:read') && !scopes.includes('groups:read')) {
    return warning(
      about,
      'It can only be looked at with channels:read, which is optional.',
      'Make sure that the app is in the channel: type /invite @redkey there.',
    )
  }
  try {
    const { channel } = await slackWebClient(botToken, apiUrl).conversations.info({ channel: channelId })
    if (channel?.is_archived) return problem(about, 'It is archived.', 'Choose another channel in REDKEY_CHANNEL.')
    if (channel?.is_member === false) return problem(about, 'The app is not in it.', 'Type /invite @redkey there.')
    if (!identifies && (channel?.is_ext_shared || channel?.is_pending_ext_shared)) {
      return warning(
        about,
        'It is shared with another company, so cards there have no link: their button gives each member a link of their own.',
        'Set up Sign in with Slack to have the link on the card, or choose a channel of your own people.',
      )
    }
    return fine(about, `#${channel?.name ?? channelId}, and the app is in it.`)
  } catch (error) {
    return problem(
      about,
      `Slack can't find it: ${reasonOf(error)}.`,
      "Set REDKEY_CHANNEL to the id at the bottom of the channel's About tab.",
    )
  }
}

/** Who is in a group that can't be read is let in by nothing. */
async function examineGroup({ botToken, apiUrl }: SlackToExamine, groupId: string): Promise<Finding> {
  const about = `Slack user group ${groupId}`
  try {
    const { users = [] } = await slackWebClient(botToken, apiUrl).usergroups.users.list({ usergroup: groupId })
    if (users.length > 0) return fine(about, users.length === 1 ? 'One person is in it.' : `${users.length} people are in it.`)
    return warning(about, 'Nobody is in it, so it lets nobody in.', 'Add people to the group in Slack, or name others.')
  } catch (error) {
    const reason = reasonOf(error)
    return problem(
      about,
      `It can't be read, so it lets nobody in: ${reason}.`,
      reason === 'missing_scope'
        ? 'Add the bot scope usergroups:read to the app and reinstall it, or name people instead of groups in REDKEY_ADMINS and REDKEY_MEMBERS.'
        : 'Set REDKEY_ADMINS and REDKEY_MEMBERS to ids of user groups of this workspace (S…).',
    )
  }
}

async function examineAppToken(appToken: string, apiUrl: string): Promise<Finding> {
  try {
    await slackWebClient(appToken, apiUrl).apps.connections.open()
    return fine('Slack app token', 'Socket Mode can be opened with it.')
  } catch (error) {
    return problem(
      'Slack app token',
      `Slack refuses it: ${reasonOf(error)}.`,
      'Make an app-level token with connections:write under Basic Information, and turn Socket Mode on.',
    )
  }
}

const MOST_SKEW_MS = 60_000

/** Signed requests and tokens need a clock that is right within minutes. */
async function examineClock(apiUrl: string, now: Date): Promise<Finding> {
  const answer = await fetch(new URL('api.test', apiUrl), { method: 'POST', signal: AbortSignal.timeout(10_000) }).catch(
    () => undefined,
  )
  const theirs = Date.parse(answer?.headers.get('date') ?? '')
  if (Number.isNaN(theirs))
    return warning('clock', "Slack's time could not be read.", 'Make sure that this machine keeps its clock by NTP.')
  const skew = Math.round(Math.abs(theirs - now.getTime()) / 1000)
  if (skew * 1000 <= MOST_SKEW_MS) return fine('clock', `It differs from Slack's by ${skew} s.`)
  return problem('clock', `It differs from Slack's by ${skew} s.`, 'Set the clock of this machine by NTP.')
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'data' in error && typeof error.data === 'object' && error.data !== null && 'error' in error.data)
    return String(error.data.error)
  return error instanceof Error ? error.message.slice(0, 120) : 'no answer'
}
