import { expect, test } from 'vitest'
import { BEN, CHLOE, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aWorld } from '../support/world.ts'

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
