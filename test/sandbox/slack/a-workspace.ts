import { App } from '@slack/bolt'
import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import { type SlackWorkspace, type SlackWorkspaceOptions, startSlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'

export const BOT_TOKEN = 'xoxb-sandbox-bot'
export const APP_TOKEN = 'xapp-sandbox-app'
export const SIGNING_SECRET = 'sandbox-signing-secret'

export function aWorkspace(overrides: Partial<SlackWorkspaceOptions> = {}): Promise<SlackWorkspace> {
  return startSlackWorkspace({
    port: 0,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    delivery: { mode: 'socket' },
    ...overrides,
  })
}

/** The SDK tells of every fault that a test makes; nobody has to read that. */
export const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

/** The real Bolt in Socket Mode. Stop it before the workspace. */
export function anApp(slack: SlackWorkspace): App {
  return new App({
    token: BOT_TOKEN,
    appToken: APP_TOKEN,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl, logger: SILENT },
    logger: SILENT,
  })
}

/** The real Web API client, without retries, so that a fault is seen once. */
export function aClient(slack: SlackWorkspace, token: string = BOT_TOKEN, timeout = 5000): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: SILENT,
  })
}

/** A clock that stands still until it is turned. */
export function aClock(start = '2026-11-23T09:00:00Z'): { now: () => Date; turn: (ms: number) => void } {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    turn(ms) {
      time += ms
    },
  }
}

/** The Slack error code that a call is refused with; fails when it is not refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && 'data' in error) return (error.data as { error: string }).error
    throw error
  }
  throw new Error('The call was not refused')
}
