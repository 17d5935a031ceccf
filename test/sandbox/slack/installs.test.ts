import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowInstall } from '../../../src/sandbox/slack/app-installs.ts'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aClient, anApp, aWorkspace, BOT_TOKEN, refusal } from './a-workspace.ts'

const BACK = 'http://localhost:3000/slack/oauth_redirect'
const CLIENT = { clientId: 'app', clientSecret: 'secret', redirectUris: [BACK] }
const BETA = { teamId: 'T0BETA', teamName: 'Beta', teamDomain: 'beta', botId: 'B0BETA', botUserId: 'U0BETABOT' }

let acme: SlackWorkspace
let beta: SlackWorkspace

beforeAll(async () => {
  acme = await aWorkspace({ installs: CLIENT })
  beta = await aWorkspace({ beside: acme, botToken: 'xoxb-not-given-out', identity: BETA })
  beta.faults.revokeBotToken('account_inactive')
})
afterAll(async () => {
  await beta.close()
  await acme.close()
})

function authorizeUrl(over: Record<string, string> = {}): string {
  const query = { client_id: 'app', scope: 'chat:write,commands', redirect_uri: BACK, state: 'the-state', ...over }
  return `${acme.url}/oauth/v2/authorize?${new URLSearchParams(query)}`
}

async function aCode(teamId: string | null = 'T0BETA', userId?: string): Promise<string> {
  return new URL(await allowInstall(authorizeUrl(), teamId, userId)).searchParams.get('code') ?? ''
}

function exchange(code: string, over: Record<string, string> = {}) {
  const args = { client_id: 'app', client_secret: 'secret', redirect_uri: BACK, code, ...over }
  return aClient(acme, '').oauth.v2.access(args)
}

test('a person allows the app in a workspace, and its token serves that one only', async () => {
  const back = new URL(await allowInstall(authorizeUrl(), 'T0BETA', BEN))
  expect(back.searchParams.get('state')).toBe('the-state')
  const installed = await exchange(back.searchParams.get('code') ?? '')
  expect(installed).toMatchObject({
    scope: 'chat:write,commands',
    bot_user_id: 'U0BETABOT',
    team: { id: 'T0BETA', name: 'Beta' },
    authed_user: { id: BEN },
    is_enterprise_install: false,
  })
  const bot = aClient(acme, installed.access_token)
  expect(await bot.auth.test()).toMatchObject({ team_id: 'T0BETA' })
  expect(await aClient(acme, BOT_TOKEN).auth.test()).toMatchObject({ team_id: 'T0ACME' })
  await bot.chat.postMessage({ channel: MARKETING_OPS, text: 'hello' })
  expect([acme, beta].map((slack) => slack.messages(MARKETING_OPS).length)).toEqual([0, 1])
})

test('one link of Socket Mode tells the app of both workspaces', async () => {
  const app = anApp(acme)
  const heard: string[] = []
  app.command('/connections', async ({ ack, command }) => {
    heard.push(command.team_id)
    await ack()
  })
  await app.start()
  await beta.command(ANA, MARKETING_OPS, 'list')
  await acme.command(ANA, MARKETING_OPS, 'list')
  expect(heard).toEqual(['T0BETA', 'T0ACME'])
  await app.stop()
})

test('a code works once, for ten minutes, with the right secret and address', async () => {
  const code = await aCode()
  await exchange(code)
  expect(await refusal(exchange(code))).toBe('code_already_used')
  expect(await refusal(exchange('1.2'))).toBe('invalid_code')
  expect(await refusal(exchange(await aCode(), { client_secret: 'wrong' }))).toBe('bad_client_secret')
  expect(await refusal(exchange(await aCode(), { client_id: 'other' }))).toBe('invalid_client_id')
  expect(await refusal(exchange(await aCode(), { redirect_uri: 'http://localhost:3000/' }))).toBe('bad_redirect_uri')
  acme.installs.fail('expired_code')
  expect(await refusal(exchange(await aCode()))).toBe('code_expired')
  expect(acme.calls.some(({ args }) => JSON.stringify(args).includes('secret":"secret'))).toBe(false)
})

test('whoever cancels comes back with an error, and a wrong request is not asked about', async () => {
  expect(new URL(await allowInstall(authorizeUrl(), null)).searchParams.get('error')).toBe('access_denied')
  await expect(allowInstall(authorizeUrl({ client_id: 'other' }), 'T0BETA')).rejects.toThrow('invalid_client_id')
  await expect(allowInstall(authorizeUrl({ redirect_uri: 'https://evil.example' }), 'T0BETA')).rejects.toThrow('redirect_uri')
  await expect(allowInstall(authorizeUrl({ scope: '' }), 'T0BETA')).rejects.toThrow('invalid_scope')
})

test('an organization, a rotating token and fewer scopes look as at Slack', async () => {
  acme.installs.fail('org_wide')
  expect(await exchange(await aCode())).toMatchObject({ team: null, is_enterprise_install: true, enterprise: { id: 'E0ORG' } })
  acme.installs.fail('rotating')
  expect(await exchange(await aCode())).toMatchObject({ expires_in: 43_200, refresh_token: expect.any(String) })
})
