import { describe, expect, test } from 'vitest'
import { readConfig, wantsSandbox } from '../src/config/config.ts'
import { AppError } from '../src/errors.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const ENOUGH = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', REDKEY_CHANNEL: 'C012345' }

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
    return (error as AppError).message
  }
  throw new Error('the configuration was accepted')
}

test('Socket Mode needs two tokens and a channel; all else has a default', () => {
  expect(readConfig(ENOUGH)).toMatchObject({
    slack: { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'https://slack.com/api/' },
    channelId: 'C012345',
    url: 'http://localhost:3000',
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: 'file:data/redkey.db',
    keys: undefined,
    checkEveryMs: 300_000,
    confirmAfterMs: 60_000,
    unreachableAfterMs: 7_200_000,
    bulkFrom: 10_000,
    command: '/connections',
    providers: { salesforce: undefined },
  })
})

test('a signing secret without an app token means HTTP mode', () => {
  const { SLACK_APP_TOKEN: _, ...rest } = ENOUGH
  expect(readConfig({ ...rest, SLACK_SIGNING_SECRET: 's' }).slack).toMatchObject({
    mode: 'http',
    signingSecret: 's',
    appToken: null,
  })
})

describe('several workspaces', () => {
  const CLIENT = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 's' }
  const { SLACK_BOT_TOKEN: _, REDKEY_CHANNEL: __, ...NO_FIRST } = ENOUGH

  test('stand beside the one of the bot token', () => {
    expect(readConfig({ ...ENOUGH, ...CLIENT, REDKEY_WORKSPACES: 'T0BETA, T0GAMMA' })).toMatchObject({
      workspaces: ['T0BETA', 'T0GAMMA'],
      slack: { botToken: 'xoxb-1', signIn: { clientId: '1.2', clientSecret: 's' } },
      channelId: 'C012345',
    })
    expect(readConfig(ENOUGH).workspaces).toEqual([])
  })

  test('need no bot token and no channel in the settings, but those two go together', () => {
    expect(readConfig({ ...NO_FIRST, ...CLIENT, REDKEY_WORKSPACES: 'T0BETA' })).toMatchObject({
      slack: { botToken: null },
      channelId: '',
    })
    expect(problemsOf({ ...NO_FIRST, ...CLIENT, REDKEY_WORKSPACES: 'T0BETA', SLACK_BOT_TOKEN: 'xoxb-1' })).toContain(
      'REDKEY_CHANNEL is missing',
    )
    expect(problemsOf({ ...NO_FIRST, ...CLIENT })).toContain('SLACK_BOT_TOKEN is missing')
  })

  test('need the client of the app, ids of workspaces, and tokens of their own', () => {
    expect(problemsOf({ ...ENOUGH, REDKEY_WORKSPACES: 'T0BETA' })).toContain(
      'SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are missing',
    )
    expect(problemsOf({ ...ENOUGH, ...CLIENT, REDKEY_WORKSPACES: 'E0ORG' })).toContain('REDKEY_WORKSPACES must be a comma list')
    expect(problemsOf({ ...NO_FIRST, ...CLIENT, REDKEY_WORKSPACES: 'T0BETA', REDKEY_API_TOKENS: 'a' })).toContain(
      'REDKEY_API_TOKENS serve the workspace of SLACK_BOT_TOKEN',
    )
  })
})

test('Sign in with Slack takes a client id and its secret, both or none', () => {
  expect(readConfig(ENOUGH).slack.signIn).toBeNull()
  const client = { SLACK_CLIENT_ID: '12.34', SLACK_CLIENT_SECRET: 'hush' }
  expect(readConfig({ ...ENOUGH, ...client }).slack.signIn).toEqual({ clientId: '12.34', clientSecret: 'hush' })
  expect(problemsOf({ ...ENOUGH, SLACK_CLIENT_ID: '12.34' })).toContain('SLACK_CLIENT_SECRET is missing')
  const told = problemsOf({ ...ENOUGH, SLACK_CLIENT_SECRET: 'hush' })
  expect(told).toContain('SLACK_CLIENT_ID is missing')
  expect(told).not.toContain('hush')
})

test('who reauthorizes is named by user or group id', () => {
  expect(readConfig(ENOUGH).members).toEqual([])
  expect(readConfig({ ...ENOUGH, REDKEY_MEMBERS: 'U1, S2' }).members).toEqual(['U1', 'S2'])
  expect(problemsOf({ ...ENOUGH, REDKEY_MEMBERS: '@ana' })).toContain('REDKEY_MEMBERS must be a comma list')
})

test('the weekly digest comes in the time zone that is set, by default the machine’s, unless it is switched off', () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  expect(readConfig(ENOUGH)).toMatchObject({ digest: true, timeZone })
  const set = { ...ENOUGH, REDKEY_DIGEST: 'Off', REDKEY_TIME_ZONE: 'America/New_York' }
  expect(readConfig(set)).toMatchObject({ digest: false, timeZone: 'America/New_York' })
  expect(problemsOf({ ...ENOUGH, REDKEY_DIGEST: 'no' })).toContain('REDKEY_DIGEST must be on or off')
  expect(problemsOf({ ...ENOUGH, REDKEY_TIME_ZONE: 'Berlin' })).toContain(
    'REDKEY_TIME_ZONE must be a time zone like Europe/Berlin',
  )
})

test('a backlog goes in bulk from a number on, or never', () => {
  expect(readConfig({ ...ENOUGH, REDKEY_BULK_FROM: '500' }).bulkFrom).toBe(500)
  expect(readConfig({ ...ENOUGH, REDKEY_BULK_FROM: 'Off' }).bulkFrom).toBeNull()
})

test('every problem is told at once, with its name and how to mend it', () => {
  const told = problemsOf({
    SLACK_BOT_TOKEN: 'xapp-wrong',
    REDKEY_CHECK_EVERY: 'soon',
    PORT: '99999',
    REDKEY_KEYS: 'short',
    SALESFORCE_CLIENT_ID: 'x',
    REDKEY_URL: 'http://redkey.example.com',
  })
  for (const name of [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'REDKEY_CHANNEL',
    'REDKEY_CHECK_EVERY',
    'PORT',
    'REDKEY_KEYS',
    'SALESFORCE_CLIENT_SECRET',
    'REDKEY_URL',
  ]) {
    expect(told).toContain(name)
  }
  expect(told.split('\n')).toHaveLength(9)
})

test.each([
  ['REDKEY_CHECK_EVERY', '0s'],
  ['REDKEY_CHECK_EVERY', '5 weeks'],
  ['REDKEY_API_BUDGET', '0'],
  ['REDKEY_API_BUDGET', '1.1'],
  ['REDKEY_API_BUDGET', '80%'],
  ['REDKEY_CATCHUP', 'never'],
  ['REDKEY_CHANNEL', '#marketing-ops'],
  ['REDKEY_ADMINS', 'ana,ben'],
  ['REDKEY_ONCALL', '@revops-oncall'],
  ['REDKEY_ONCALL', 'U0ANA,U0BEN'],
  ['REDKEY_BULK_FROM', '0'],
  ['REDKEY_BULK_FROM', 'many'],
  ['REDKEY_COMMAND', 'connections'],
  ['REDKEY_EMOJI', 'red key'],
  ['REDKEY_URL', 'redkey.example.com'],
  ['REDKEY_TRUST_PROXY', 'maybe'],
  ['DATABASE_URL', 'mysql://x'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused by name', (name, value) => {
  expect(problemsOf({ ...ENOUGH, [name]: value })).toContain(name)
})

test('production and PostgreSQL need keys of their own', () => {
  expect(problemsOf({ ...ENOUGH, NODE_ENV: 'production' })).toContain('REDKEY_KEYS is missing')
  expect(problemsOf({ ...ENOUGH, DATABASE_URL: 'postgres://x@localhost/y' })).toContain('REDKEY_KEYS is missing')
  expect(readConfig({ ...ENOUGH, NODE_ENV: 'production', REDKEY_KEYS: `${KEY}, ${KEY}` }).keys).toHaveLength(2)
})

test('durations, lists and addresses are read as people write them', () => {
  const config = readConfig({
    ...ENOUGH,
    REDKEY_CHECK_EVERY: '90s',
    REDKEY_API_BUDGET: '1',
    REDKEY_CATCHUP: 'ask',
    REDKEY_API_TOKENS: ' a , b,',
    REDKEY_URL: 'https://redkey.example.com/',
    SLACK_API_URL: 'http://127.0.0.1:9/api',
  })
  expect(config).toMatchObject({
    checkEveryMs: 90_000,
    apiBudget: 1,
    catchUp: 'ask',
    apiTokens: ['a', 'b'],
    url: 'https://redkey.example.com',
    slack: { apiUrl: 'http://127.0.0.1:9/api/' },
  })
})

describe('the sandbox', () => {
  test('starts when nothing says which Slack, and this is not production', () => {
    expect(wantsSandbox({ PORT: '3000', SALESFORCE_CLIENT_ID: 'x' })).toBe(true)
    expect(wantsSandbox({ SLACK_BOT_TOKEN: '' })).toBe(true)
  })
  test('does not start when some Slack setting is there: what is missing is told instead', () => {
    expect(wantsSandbox({ SLACK_BOT_TOKEN: 'xoxb-1' })).toBe(false)
    expect(wantsSandbox({ NODE_ENV: 'production' })).toBe(false)
  })
})
