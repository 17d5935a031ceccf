import { isIP } from 'node:net'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts'
import { AppError } from './errors.ts'

/** The environment as read: nothing else of the process is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface Config {
  readonly production: boolean
  readonly slack: SlackConfig
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
  /** `ask`: what an outage held back waits for *Push now*. */
  readonly catchUp: 'auto' | 'ask'
  /** How much of a CRM's API calls pushing may use up, in (0, 1]. */
  readonly apiBudget: number
  /** Payloads of pushed touchpoints are kept this long. */
  readonly keepPayloadsMs: number
  /** From so many waiting touchpoints on they go in bulk; null: never. */
  readonly bulkFrom: number | null
  readonly admins: readonly string[]
  readonly emoji: string | null
  readonly command: string
  readonly trustProxy: boolean
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly providers: ProvidersConfig
}

export interface SlackConfig {
  readonly mode: 'socket' | 'http'
  readonly botToken: string
  /** Socket Mode only. */
  readonly appToken: string | null
  /** HTTP mode only. */
  readonly signingSecret: string | null
  readonly apiUrl: string
}

export interface ProvidersConfig {
  readonly salesforce: { readonly clientId: string; readonly clientSecret: string; readonly loginUrl: string } | undefined
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
  const config: Config = {
    production,
    slack: readSlack(env, problems),
    channelId:
      read('REDKEY_CHANNEL', channel, undefined, 'the channel id for alerts (in Slack: channel name › About, at the bottom)') ??
      '',
    url: read('REDKEY_URL', publicUrl, `http://localhost:${port}`),
    host: read('HOST', z.string(), '127.0.0.1'),
    port,
    databaseUrl,
    keys,
    apiTokens: read('REDKEY_API_TOKENS', tokenList, []),
    checkEveryMs: read('REDKEY_CHECK_EVERY', duration, 5 * MINUTE_MS),
    confirmAfterMs: read('REDKEY_CONFIRM_AFTER', duration, MINUTE_MS),
    catchUp: read('REDKEY_CATCHUP', z.enum(['auto', 'ask'], 'must be auto or ask'), 'auto'),
    apiBudget: read('REDKEY_API_BUDGET', share, 0.8),
    keepPayloadsMs: read('REDKEY_KEEP_PAYLOADS', duration, 30 * DAY_MS),
    bulkFrom: read('REDKEY_BULK_FROM', countOrOff, 10_000),
    admins: read('REDKEY_ADMINS', slackIds, []),
    emoji: read('REDKEY_EMOJI', emoji, null),
    command: read('REDKEY_COMMAND', command, '/connections'),
    trustProxy: read('REDKEY_TRUST_PROXY', yesNo, false),
    logLevel: read('LOG_LEVEL', z.enum(LOG_LEVELS), 'info'),
    providers: { salesforce: readSalesforce(env, problems) },
  }
  if (problems.length > 0) {
    throw new AppError(
      'CONFIG_INVALID',
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
      {
        next: 'Set these in the environment or in a file .env (see .env.example), then start again.',
      },
    )
  }
  return config
}

function readSlack(env: Environment, problems: string[]): SlackConfig {
  const read = reader(env, problems)
  const mode = !env['SLACK_APP_TOKEN'] && env['SLACK_SIGNING_SECRET'] ? 'http' : 'socket'
  const botToken =
    read(
      'SLACK_BOT_TOKEN',
      slackToken('xoxb-'),
      undefined,
      'the Bot User OAuth Token (xoxb-…) of your Slack app, under OAuth & Permissions',
    ) ?? ''
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
  }
}

function readSalesforce(env: Environment, problems: string[]): ProvidersConfig['salesforce'] {
  const { SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret } = env
  if (!clientId && !clientSecret) return undefined
  if (!clientId) problems.push('SALESFORCE_CLIENT_ID is missing, but SALESFORCE_CLIENT_SECRET is set: set both, or none')
  if (!clientSecret) problems.push('SALESFORCE_CLIENT_SECRET is missing, but SALESFORCE_CLIENT_ID is set: set both, or none')
  const loginUrl = reader(env, problems)('SALESFORCE_LOGIN_URL', publicUrl, 'https://login.salesforce.com')
  return { clientId: clientId ?? '', clientSecret: clientSecret ?? '', loginUrl }
}

interface Read {
  <T>(name: string, schema: z.ZodType<T, string>, fallback: T): T
  /** Required: `what` says what to set. */
  <T>(name: string, schema: z.ZodType<T, string>, fallback: undefined, what: string): T | undefined
}

function reader(env: Environment, problems: string[]): Read {
  return <T>(name: string, schema: z.ZodType<T, string>, fallback: T | undefined, what?: string): T => {
    const raw = env[name]?.trim()
    if (!raw) {
      if (what !== undefined) problems.push(`${name} is missing: set it to ${what}`)
      return fallback as T
    }
    const parsed = schema.safeParse(raw)
    if (parsed.success) return parsed.data
    problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
    return fallback as T
  }
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }
const duration = z.string().transform((text, context) => {
  const [, amount, unit] = /^(\d+)\s*(ms|s|m|h|d)$/.exec(text) ?? []
  const ms = Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 100) return ms
  context.addIssue('must be a duration like 30s, 5m or 2h')
  return z.NEVER
})

const share = z.string().transform((text, context) => {
  const number = Number(text)
  if (number > 0 && number <= 1) return number
  context.addIssue('must be a share above 0 and up to 1, like 0.8 for 80 %')
  return z.NEVER
})

const portNumber = z.string().transform((text, context) => {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  context.addIssue('must be a port from 0 to 65535')
  return z.NEVER
})

const countOrOff = z.string().transform((text, context) => {
  if (text.toLowerCase() === 'off') return null
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  context.addIssue('must be a whole number from 1, or off')
  return z.NEVER
})

const keyList = list.transform((parts, context) => {
  const keys = parts.map((part) => Buffer.from(part, 'base64'))
  if (keys.length > 0 && keys.every((key) => key.length === 32)) return keys
  context.addIssue('must be a comma list of keys of 32 bytes in base64. Make one with: openssl rand -base64 32')
  return z.NEVER
})

const tokenList = list
const slackIds = list.refine(
  (ids) => ids.every((id) => /^[UWS][A-Z0-9]+$/.test(id)),
  'must be a comma list of Slack user ids (U…) or user group ids (S…)',
)
const channel = z
  .string()
  .regex(/^[CGD][A-Z0-9]+$/, 'must be a channel id (C… or G…), not a name: in Slack, channel name › About, at the bottom')
const emoji = z.string().regex(/^:[a-z0-9_+-]+:$/, 'must be an emoji name like :red-key:')
const command = z.string().regex(/^\/[a-z0-9_-]{1,31}$/, 'must start with / and have at most 32 small letters, digits, - or _')
const yesNo = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false')
  .transform((text) => ['true', '1', 'yes'].includes(text))
/** Slack's tokens look alike: one in the other's place is told at once. */
const slackToken = (prefix: string) =>
  z.string().refine((token) => token.startsWith(prefix) || !/^xox|^xapp-/.test(token), `must begin with ${prefix}`)
const databaseAddress = z
  .string()
  .regex(/^(file:.+|:memory:|postgres(ql)?:\/\/.+)$/, 'must be file:<path> or postgres://<user>@<host>/<database>')

/** An address that browsers or tokens go to: https, or http on this machine only. */
const publicUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    context.addIssue('must be a URL like https://redkey.example.com')
    return z.NEVER
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue(`must be https: plain http is for localhost only, and ${url.hostname} is not`)
    return z.NEVER
  }
  return url.href.replace(/\/+$/, '')
})

const slashedUrl = publicUrl.transform((url) => `${url}/`)

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
