import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ANA, BEN } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aWorkspace, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'
import { aPoster, ask, saying } from './a-poster.ts'

test('in an Enterprise organization a person has all workspaces that Slack tells', async () => {
  const user = { id: BEN, team_id: 'T0SALES', enterprise_user: { id: 'W1', enterprise_id: 'E1', teams: ['T0SALES', 'T0ACME'] } }
  expect(await ask(saying({ ok: true, user }), (poster) => poster.person(BEN))).toMatchObject({
    teamId: 'T0SALES',
    teamIds: ['T0SALES', 'T0ACME'],
  })
  expect(await ask(saying({ ok: true, user: { id: BEN, team_id: 'T0ACME' } }), (poster) => poster.person(BEN))).toMatchObject({
    teamIds: [],
  })
})

test.each([
  [{ name: 'ana', real_name: 'Ana Ruiz', profile: { real_name: 'Ana Ruiz', display_name: 'ana' } }, 'Ana Ruiz'],
  [{ name: 'ana', profile: { real_name: 'Ana Ruiz', display_name: 'ana' } }, 'Ana Ruiz'],
  [{ name: 'ana.r', profile: { real_name: '', display_name: 'ana' } }, 'ana'],
  [{ name: 'ana.r' }, 'ana.r'],
  [{}, ANA],
])('a person of %o is named %s', async (user, name) => {
  expect(await ask(saying({ ok: true, user: { id: ANA, ...user } }), (poster) => poster.person(ANA))).toMatchObject({ name })
})

describe('who is in a user group', () => {
  const OPS = 'S0OPS'
  const METHOD = 'usergroups.users.list'
  let slack: SlackWorkspace
  let poster: ReturnType<typeof aPoster>['poster']
  let turn: (ms: number) => void

  beforeEach(async () => {
    const scopes = ['users:read', 'usergroups:read']
    slack = await aWorkspace({ scopes, groups: [{ id: OPS, handle: 'ops', users: [BEN] }] })
    const made = aPoster(slack.apiUrl, BOT_TOKEN, [OPS])
    poster = made.poster
    turn = made.clock.turn
  })
  afterEach(() => slack.close())

  const groupsOf = async (userId: string) => (await poster.person(userId))?.groups
  const asked = () => slack.calls.filter(({ method }) => method === METHOD).length

  test('is asked at most every five minutes', async () => {
    expect(await groupsOf(BEN)).toEqual([OPS])
    expect(await groupsOf(ANA)).toEqual([])
    expect(asked()).toBe(1)
    turn(5 * 60_000)
    await groupsOf(BEN)
    expect(asked()).toBe(2)
  })

  test('stays as it was when Slack fails, and is asked again soon', async () => {
    await groupsOf(BEN)
    turn(5 * 60_000)
    slack.faults.httpError({ method: METHOD })
    expect(await groupsOf(BEN)).toEqual([OPS])
    expect(await groupsOf(BEN)).toEqual([OPS])
    expect(asked()).toBe(2)
    turn(15_000)
    expect(await groupsOf(BEN)).toEqual([OPS])
    expect(asked()).toBe(3)
  })

  test('is known as soon as Slack tells, also of people who were asked about before', async () => {
    slack.faults.httpError({ method: METHOD })
    expect(await groupsOf(BEN)).toEqual([])
    turn(15_000)
    expect(await groupsOf(BEN)).toEqual([OPS])
  })

  test('is nobody once the scope is missing, and Slack is not asked again and again', async () => {
    await groupsOf(BEN)
    turn(5 * 60_000)
    slack.faults.refuse('missing_scope', { method: METHOD })
    expect(await groupsOf(BEN)).toEqual([])
    turn(15_000)
    expect(await groupsOf(BEN)).toEqual([])
    expect(asked()).toBe(2)
  })
})
