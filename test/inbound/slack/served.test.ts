import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BotToken } from '../../../src/domain/workspaces/bot-tokens.ts'
import { ANA, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aWorkspace, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'
import { anApp, nextAnswer, type Running } from './an-app.ts'

let slack: SlackWorkspace
let running: Running
let tokens: (teamId: string) => Promise<BotToken>
const asked: string[] = []

beforeAll(async () => {
  slack = await aWorkspace()
  const of = (teamId: string) => {
    asked.push(teamId)
    return tokens(teamId)
  }
  running = anApp(() => slack, {}, { tokens: { of }, installUrl: 'https://redkey.example/slack/install' })
  await running.app.start()
  await slack.eventually(() => slack.links() === 2)
})
afterAll(async () => {
  await running.app.stop()
  await slack.close()
})

const answered = async () => (await nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, 'list'))).text

test('the token is asked for by the workspace of the payload, which is answered with it', async () => {
  tokens = async () => ({ kind: 'token', token: BOT_TOKEN })
  expect(await answered()).toContain('salesforce')
  expect(asked).toEqual([slack.identity.teamId])
})

test.each([
  [{ kind: 'gone' }, /removed from this workspace.*slack\/install/],
  [{ kind: 'none', reason: 'unknown_workspace' }, /not installed in this workspace.*slack\/install/],
  [{ kind: 'none', reason: 'not_in_redkey_workspaces' }, /no longer among those/],
  [{ kind: 'none', reason: 'seal_broken' }, /can’t open its access/],
  [{ kind: 'none', reason: 'slack_unreachable' }, /try again in a minute/],
] as const)('without one people are told why: %j', async (why, words) => {
  tokens = async () => why
  const before = running.asked.length
  expect(await answered()).toMatch(words)
  expect(running.asked.length).toBe(before)
})

test('a database that does not answer is told, too, and stands in the log', async () => {
  tokens = () => Promise.reject(new Error('locked'))
  expect(await answered()).toContain('can’t reach its database')
  expect(running.log.lines.map(({ event }) => event)).toContain('slack.token_not_read')
})
