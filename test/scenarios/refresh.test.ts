import { expect, test } from 'vitest'
import { DAY_MS } from '../../src/clock.ts'
import { aWorld } from '../support/world.ts'

const tokenCalls = (world: Awaited<ReturnType<typeof aWorld>>) =>
  world.sandbox.salesforce.calls.list().filter(({ path }) => path === '/services/oauth2/token').length

test('a refresh token that nobody used for a week is used once, so that it does not die of idleness', async () => {
  await using world = await aWorld()
  await world.connect()
  const atLogin = tokenCalls(world)
  await world.beat(301)
  expect(tokenCalls(world)).toBe(atLogin)
  world.turn(7 * DAY_MS)
  await world.beat(2)
  expect(tokenCalls(world)).toBe(atLogin + 1)
  await world.beat(301)
  expect(tokenCalls(world)).toBe(atLogin + 1)
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({ status: 'connected' })
})

test('what a refresh gave is stored before anything else is asked, also when the store was away at that moment', async () => {
  await using world = await aWorld()
  await world.connect()
  world.sandbox.salesforce.switches.rotateRefreshTokens = true
  const { grants } = world.store
  const replace = grants.replaceTokens
  let failures = 3
  Object.assign(grants, {
    replaceTokens: (...args: Parameters<typeof replace>) => {
      if (failures-- > 0) throw new Error('the database is away')
      return replace(...args)
    },
  })
  world.acme.expireAccessTokens()
  const before = tokenCalls(world)
  await world.beat(400)
  expect(failures).toBeLessThan(0)
  expect(tokenCalls(world)).toBe(before + 1)
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({ status: 'connected' })
})
