import { expect, test } from 'vitest'
import { ANA, BEN, CHLOE, DEFAULT_PEOPLE, GUEST, MARKETING_OPS, PARTNER } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { answerTo, cardsSaying, goRed } from '../support/acts.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const SCOPES = ['chat:write', 'commands', 'users:read', 'usergroups:read']
const OPS = { id: 'S0OPS', handle: 'ops', users: [BEN] }

test('REDKEY_ADMINS may name a user group: its members add, and nobody else', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: OPS.id }, slack: { scopes: SCOPES, groups: [OPS] } })
  const { slack } = world
  await slack.command(CHLOE, MARKETING_OPS, 'add salesforce')
  const refused = await slack.eventually(() => slack.ephemerals(CHLOE).at(-1))
  expect(JSON.stringify(refused.blocks)).not.toContain('/connect/')
  await world.connect(undefined, BEN)
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({ confirmed: true })
})

test('without the scope to read groups nobody is in one, and nothing breaks', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: OPS.id }, slack: { groups: [OPS] } })
  const { slack } = world
  await slack.command(BEN, MARKETING_OPS, 'add salesforce')
  const refused = await slack.eventually(() => slack.ephemerals(BEN).at(-1))
  expect(JSON.stringify(refused.blocks)).not.toContain('/connect/')
})

const NO = /can’t use Redkey|Only members|REDKEY_|takes the owner|workspace admin/

/** Everything that a person can do in Slack, and whether it is refused. */
const ACTS: Readonly<Record<string, (world: World, userId: string) => Promise<unknown>>> = {
  look: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'list'),
  check: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'check salesforce'),
  history: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'history salesforce'),
  reauthorize: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'reauthorize salesforce'),
  add: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'add hubspot'),
  invite: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'invite salesforce'),
  withdraw: (world, userId) => world.slack.command(userId, MARKETING_OPS, 'invite salesforce off'),
  details: (world, userId) => click(world, userId, 'details'),
}

function click(world: World, userId: string, action: string) {
  const card = cardsSaying(world, 'Salesforce needs authorization').at(-1)
  return world.slack.click(userId, { channel: MARKETING_OPS, ts: card?.ts ?? '' }, action)
}

async function allowed(world: World, userId: string): Promise<string> {
  const may: string[] = []
  for (const [name, act] of Object.entries(ACTS))
    if (!NO.test(await answerTo(world, userId, () => act(world, userId)))) may.push(name)
  return may.join(' ')
}

test.each([
  [
    'nobody is named',
    {},
    {
      [ANA]: 'look check history reauthorize add invite withdraw details', // workspace admin
      [BEN]: 'look check history reauthorize add invite withdraw details', // owner
      [CHLOE]: 'look check history reauthorize add details',
    },
  ],
  [
    'REDKEY_ADMINS and REDKEY_MEMBERS name people',
    { REDKEY_ADMINS: CHLOE, REDKEY_MEMBERS: BEN },
    {
      [ANA]: 'look check history details',
      [BEN]: 'look check history reauthorize invite withdraw details',
      [CHLOE]: 'look check history reauthorize add invite withdraw details',
    },
  ],
])('who may what in Slack, where %s', async (_what, env, expected) => {
  const people = [...DEFAULT_PEOPLE, PARTNER]
  const channels = [{ id: MARKETING_OPS, name: 'marketing-ops', isExtShared: true }]
  await using world = await aWorld({ env: { ...env }, slack: { people, channels } })
  // Added by whom the settings let, and owned by Ben afterwards.
  await world.connect(ACME, 'REDKEY_ADMINS' in env ? CHLOE : BEN)
  await goRed(world)
  await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'reauthorize salesforce'))
  const link = /https?:[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(BEN).at(-1)?.blocks))?.[0]
  await followReauthorizeLink(link ?? '', ACME)
  await world.send(...touchpoints(1))
  await world.beat(2)
  await goRed(world)
  for (const [userId, acts] of Object.entries({ ...expected, [GUEST]: '', [PARTNER.id]: '' }))
    expect([userId, await allowed(world, userId)]).toEqual([userId, acts])
})

test('the history of a connection is read page by page in Slack', async () => {
  await using world = await aWorld()
  await world.connect()
  for (let times = 0; times < 12; times++) {
    await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'invite salesforce'))
    await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'invite salesforce off'))
    world.turn(1000)
  }
  expect(await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'history salesforce'))).toContain('Acme Inc')
  const shown = () => JSON.stringify(world.slack.ephemerals(BEN).at(-1)?.blocks)
  const entries = () => shown().match(/•/g)?.length
  expect(entries()).toBe(20)
  expect(shown()).not.toContain(': added')
  const turn = async (action: string) => {
    const before = shown()
    await world.slack.click(BEN, { channel: MARKETING_OPS, ts: world.slack.ephemerals(BEN).at(-1)?.ts ?? '' }, action)
    await world.slack.eventually(() => shown() !== before)
  }
  await turn('history_older')
  expect(shown()).toContain(': added')
  expect(entries()).toBe(5)
  await turn('history_newest')
  expect(entries()).toBe(20)
})
