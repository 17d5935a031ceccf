import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type { Finding } from '../../../src/domain/finding.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { examineSlack } from '../../../src/outbound/slack/examine.ts'
import { examineSignIn } from '../../../src/outbound/slack/examine-sign-in.ts'
import { BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aWorkspace, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'

const SCOPES = ['chat:write', 'commands', 'users:read']
const OPS = { id: 'S0OPS', handle: 'ops', users: [BEN] }
const NOBODY = { id: 'S0NOBODY', handle: 'nobody', users: [] }
const BACK = 'https://redkey.example.com/identity/slack/callback'
const CLIENT = { clientId: 'redkey-slack', clientSecret: 'hush', redirectUris: [BACK] }

let slack: SlackWorkspace
const http = createHttp(systemClock)
afterEach(() => slack.close())

const about = (findings: readonly Finding[], what: string) =>
  findings.filter((one) => one.about.startsWith(what)).map(({ state, says, next }) => `${state}: ${says} ${next ?? ''}`)

describe('user groups that the settings name', () => {
  const examine = (groupIds: string[]) =>
    examineSlack(
      { apiUrl: slack.apiUrl, botToken: BOT_TOKEN, appToken: APP_TOKEN, channelId: MARKETING_OPS, groupIds, identifies: false },
      new Date(),
    )

  test('are fine when they can be read and somebody is in them', async () => {
    slack = await aWorkspace({ scopes: [...SCOPES, 'usergroups:read'], groups: [OPS, NOBODY] })
    const findings = await examine([OPS.id, NOBODY.id, 'S0GONE'])
    expect(about(findings, 'Slack user group')).toEqual([
      expect.stringMatching(/^ok: One person/),
      expect.stringMatching(/^warning: Nobody is in it/),
      expect.stringMatching(/^problem: It can't be read, so it lets nobody in: no_such_subteam/),
    ])
  })

  test('let nobody in without the scope, and what to do is said', async () => {
    slack = await aWorkspace({ scopes: SCOPES, groups: [OPS] })
    expect(about(await examine([OPS.id]), 'Slack user group')).toEqual([
      expect.stringMatching(/^problem: .*lets nobody in: missing_scope.*usergroups:read/),
    ])
    expect(about(await examine([]), 'Slack user group')).toEqual([])
  })

  test('a channel that is shared with another company is told of', async () => {
    slack = await aWorkspace({ scopes: [...SCOPES, 'channels:read'] })
    slack.faults.share(MARKETING_OPS)
    expect(about(await examine([]), 'Slack channel')).toEqual([
      expect.stringMatching(/^warning: It is shared.*Sign in with Slack/),
    ])
  })
})

describe('Sign in with Slack', () => {
  const examine = async (over: Partial<typeof CLIENT> | null, back = BACK) =>
    about(await examineSignIn(over && { ...CLIENT, ...over, apiUrl: slack.apiUrl }, back, http), 'Sign in')

  test('is fine with a client that Slack knows, and what to register is said', async () => {
    slack = await aWorkspace({ openId: CLIENT })
    expect(await examine({})).toEqual([
      expect.stringContaining(
        `ok: Slack knows the client. Under OAuth & Permissions › Redirect URLs of the Slack app there must be ${BACK}`,
      ),
      expect.stringMatching(/^ok: They are those of http/),
    ])
  })

  test.each([
    ['secret', { clientSecret: 'wrong' }, 'bad_client_secret'],
    ['id', { clientId: 'wrong' }, 'invalid_client_id'],
  ])('a wrong client %s is told', async (_what, over, code) => {
    slack = await aWorkspace({ openId: CLIENT })
    const [told = ''] = await examine(over)
    expect(told).toMatch(new RegExp(`^problem: .*${code}.*Compare SLACK_CLIENT_ID`))
    expect(told).not.toContain('wrong')
  })

  test('Slack that does not answer is no fault of the client', async () => {
    slack = await aWorkspace({ openId: CLIENT })
    slack.faults.httpError({ method: 'openid.connect.token' })
    expect(await examine({})).toEqual([expect.stringMatching(/^warning: .*no usable answer/)])
  })

  test('where it is not set up, that is said, with what it takes', async () => {
    slack = await aWorkspace()
    expect(await examine(null)).toEqual([expect.stringMatching(new RegExp(`^ok: Not set up.*${BACK}`))])
    expect(slack.calls).toEqual([])
  })
})
