import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.ts'
import { AppError } from '../errors.ts'
import { type ProvidersConfig, readProviders } from './providers.ts'
import {
  channel,
  command,
  countOrOff,
  databaseAddress,
  duration,
  type Environment,
  emoji,
  keyList,
  onOff,
  portNumber,
  publicUrl,
  reader,
  share,
  slackId,
  slackIds,
  slackToken,
  slashedUrl,
  stormCards,
  teamIds,
  timeZone,
  tokenList,
  yesNo,
} from './values.ts'

export interface Config {
  readonly production: boolean
  readonly slack: SlackConfig
  /** Ids of the workspaces that may install the app by themselves. None: there is no way to. */
  readonly workspaces: readonly string[]
  /** Of the workspace whose bot token stands in the settings; empty where none does. */
  readonly channelId: string
  /** Without a slash at the end. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  /** 32 bytes each; the first seals, all open. Undefined: made and stored beside an embedded database. */
  readonly keys: readonly Buffer[] | undefined
  readonly apiTokens: readonly string[]
  readonly checkEveryMs: number
  readonly confirmAfterMs: number
  /** A provider that gave no usable answer for so long is told. */
  readonly unreachableAfterMs: number
  /** `ask`: what an outage held back waits for *Push now*. */
  readonly catchUp: 'auto' | 'ask'
  /** So many cards in a channel within so long become one. */
  readonly storm: { readonly cards: number; readonly withinMs: number }
  readonly digest: boolean
  /** IANA name. */
  readonly timeZone: string
  /** How much of a CRM's API calls pushing may use up, in (0, 1]. */
  readonly apiBudget: number
  /** Payloads of pushed touchpoints are kept this long. */
  readonly keepPayloadsMs: number
  /** From so many waiting touchpoints on they go in bulk; null: never. */
  readonly bulkFrom: number | null
  readonly admins: readonly string[]
  /** Slack user or user group that is asked when nobody has acted for a day. */
  readonly onCall: string | null
  readonly members: readonly string[]
  readonly emoji: string | null
  readonly command: string
  readonly trustProxy: boolean
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly providers: ProvidersConfig
}

export interface SlackConfig {
  readonly mode: 'socket' | 'http'
  /** Null: only workspaces that install the app by themselves are served. */
  readonly botToken: string | null
  /** Socket Mode only. */
  readonly appToken: string | null
  /** HTTP mode only. */
  readonly signingSecret: string | null
  readonly apiUrl: string
  /** Sign in with Slack; null: Reauthorize links prove nobody. */
  readonly signIn: SlackClient | null
}

interface SlackClient {
  readonly clientId: string
  readonly clientSecret: string
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** True when nothing says which Slack to talk to: then the sandbox starts, unless this is production. */
export function wantsSandbox(env: Environment): boolean {
  return env['NODE_ENV'] !== 'production' && !Object.entries(env).some(([name, value]) => name.startsWith('SLACK_') && value)
}

/**
 * Throws `CONFIG_INVALID` with every problem at once, one line each: the name, what is wrong, how to mend it.
 */
export function readConfig(env: Environment): Config {
  const problems: string[] = []
  const read = reader(env, problems)
  const production = env['NODE_ENV'] === 'production'
  const databaseUrl = read('DATABASE_URL', databaseAddress, 'file:data/redkey.db')
  const keys = env['REDKEY_KEYS'] ? read('REDKEY_KEYS', keyList, []) : undefined
  if (keys === undefined && (production || !databaseUrl.startsWith('file:'))) {
    problems.push('REDKEY_KEYS is missing: it seals the logins. Make one key with: openssl rand -base64 32')
  }
  const port = read('PORT', portNumber, 3000)
  const workspaces = read('REDKEY_WORKSPACES', teamIds, [])
  const slack = readSlack(env, problems, workspaces.length > 0)
  const config: Config = {
    production,
    slack,
    workspaces,
    channelId: readChannel(env, problems, slack.botToken === null),
    url: read('REDKEY_URL', publicUrl, `http://localhost:${port}`),
    host: read('HOST', z.string(), '127.0.0.1'),
    port,
    databaseUrl,
    keys,
    apiTokens: read('REDKEY_API_TOKENS', tokenList, []),
    checkEveryMs: read('REDKEY_CHECK_EVERY', duration, 5 * MINUTE_MS),
    confirmAfterMs: read('REDKEY_CONFIRM_AFTER', duration, MINUTE_MS),
    unreachableAfterMs: read('REDKEY_UNREACHABLE_AFTER', duration, 2 * HOUR_MS),
    catchUp: read('REDKEY_CATCHUP', z.enum(['auto', 'ask'], 'must be auto or ask'), 'auto'),
    storm: { cards: read('REDKEY_STORM_CARDS', stormCards, 10), withinMs: read('REDKEY_STORM_WITHIN', duration, 5 * MINUTE_MS) },
    digest: read('REDKEY_DIGEST', onOff, true),
    timeZone: read('REDKEY_TIME_ZONE', timeZone, new Intl.DateTimeFormat().resolvedOptions().timeZone),
    apiBudget: read('REDKEY_API_BUDGET', share, 0.8),
    keepPayloadsMs: read('REDKEY_KEEP_PAYLOADS', duration, 30 * DAY_MS),
    bulkFrom: read('REDKEY_BULK_FROM', countOrOff, 10_000),
    admins: read('REDKEY_ADMINS', slackIds, []),
    onCall: read('REDKEY_ONCALL', slackId, null),
    members: read('REDKEY_MEMBERS', slackIds, []),
    emoji: read('REDKEY_EMOJI', emoji, null),
    command: read('REDKEY_COMMAND', command, '/connections'),
    trustProxy: read('REDKEY_TRUST_PROXY', yesNo, false),
    logLevel: read('LOG_LEVEL', z.enum(LOG_LEVELS), 'info'),
    providers: readProviders(env, problems),
  }
  if (workspaces.length > 0) problems.push(...problemsOfSeveral(config))
  const told = [...new Set(problems)]
  if (told.length > 0) {
    throw new AppError(
      'CONFIG_INVALID',
      `The configuration has ${told.length === 1 ? 'a problem' : `${told.length} problems`}:\n${told.map((problem) => `  - ${problem}`).join('\n')}`,
      {
        next: 'Set these in the environment or in a file .env (see .env.example), then start again.',
      },
    )
  }
  return config
}

/** Where cards go in the workspace of the bot token. */
function readChannel(env: Environment, problems: string[], isOptional: boolean): string {
  const read = reader(env, problems)
  if (isOptional) return read('REDKEY_CHANNEL', channel, '')
  const what = 'the channel id for alerts (in Slack: channel name › About, at the bottom)'
  return read('REDKEY_CHANNEL', channel, undefined, what) ?? ''
}

function problemsOfSeveral({ slack, apiTokens }: Config): string[] {
  const told: string[] = []
  if (slack.signIn === null)
    told.push('SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are missing: workspaces install the app with them (REDKEY_WORKSPACES)')
  if (slack.botToken === null && apiTokens.length > 0)
    told.push(
      'REDKEY_API_TOKENS serve the workspace of SLACK_BOT_TOKEN, which is not set: make tokens with npm run redkey -- tokens add',
    )
  return told
}

function readSlack(env: Environment, problems: string[], isOneOfSeveral: boolean): SlackConfig {
  const read = reader(env, problems)
  const mode = !env['SLACK_APP_TOKEN'] && env['SLACK_SIGNING_SECRET'] ? 'http' : 'socket'
  const botToken =
    isOneOfSeveral && !env['SLACK_BOT_TOKEN']
      ? null
      : (read(
          'SLACK_BOT_TOKEN',
          slackToken('xoxb-'),
          undefined,
          'the Bot User OAuth Token (xoxb-…) of your Slack app, under OAuth & Permissions',
        ) ?? '')
  const appToken =
    mode === 'socket'
      ? read(
          'SLACK_APP_TOKEN',
          slackToken('xapp-'),
          undefined,
          'an app-level token (xapp-…) with connections:write for Socket Mode; or set SLACK_SIGNING_SECRET for HTTP mode',
        )
      : undefined
  const signingSecret = mode === 'http' ? (env['SLACK_SIGNING_SECRET'] ?? null) : null
  return {
    mode,
    botToken,
    appToken: appToken ?? null,
    signingSecret,
    apiUrl: read('SLACK_API_URL', slashedUrl, 'https://slack.com/api/'),
    signIn: readSignIn(env, problems),
  }
}

function readSignIn(env: Environment, problems: string[]): SlackClient | null {
  const read = reader(env, problems)
  const clientId = read<string | null>('SLACK_CLIENT_ID', z.string(), null)
  const clientSecret = read<string | null>('SLACK_CLIENT_SECRET', z.string(), null)
  if (clientId !== null && clientSecret !== null) return { clientId, clientSecret }
  const where = 'set both for Sign in with Slack (Basic Information › App Credentials), or none'
  if (clientId !== null) problems.push(`SLACK_CLIENT_SECRET is missing, but SLACK_CLIENT_ID is set: ${where}`)
  if (clientSecret !== null) problems.push(`SLACK_CLIENT_ID is missing, but SLACK_CLIENT_SECRET is set: ${where}`)
  return null
}
