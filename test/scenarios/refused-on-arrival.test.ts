import { expect, test } from 'vitest'
import { HOUR_MS } from '../../src/clock.ts'
import { cardsSaying, shownBy } from '../support/acts.ts'
import { aTouchpoint, aWorld, touchpoints, UAT, type World } from '../support/world.ts'

const REFUSED = 'refused* on arrival'
const unmapped = (count: number, prefix = 'bad') => touchpoints(count, prefix).map((one) => ({ ...one, custom: { Score__c: 7 } }))

function post(world: World, body: string, token = 0, type = 'application/json') {
  const authorization = `Bearer ${world.config.apiTokens[token]}`
  return world.api('/v1/touchpoints', { method: 'POST', headers: { 'content-type': type, authorization }, body })
}

test('many records that are refused on arrival are told once an hour in the channel, with how many of how many, why, and which', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...touchpoints(100, 'before'))
  await world.send(...unmapped(12), ...touchpoints(40))
  await world.beat(6)
  await world.send(...unmapped(13, 'more'), aTouchpoint({ id: 'old', occurredAt: 'yesterday' }), ...touchpoints(60, 'fine'))
  await world.beat(6)
  const told = cardsSaying(world, REFUSED)
  expect(told).toHaveLength(1)
  const shown = shownBy(told[0])
  expect(shown).toContain('*12 of 52 records were refused* on arrival')
  expect(shown).toContain('`bad_0`, `bad_1`, `bad_2`')
})

test('the next message has everything since the last one', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...unmapped(25))
  await world.beat(6)
  expect(shownBy(cardsSaying(world, REFUSED)[0])).toContain('*25 records were refused* on arrival')
  for (let n = 0; n < 3; n++) {
    world.turn(10 * 60_000)
    await world.send(...unmapped(7, `more${n}`), ...touchpoints(3, `fine${n}`))
    await world.beat(6)
  }
  expect(cardsSaying(world, REFUSED)).toHaveLength(1)
  world.turn(HOUR_MS / 2)
  await world.send(...unmapped(20, 'last'))
  await world.beat(6)
  const told = cardsSaying(world, REFUSED)
  expect(told).toHaveLength(2)
  expect(shownBy(told[1])).toContain('*41 of 50 records were refused* on arrival')
  expect(shownBy(told[1])).toContain('Add to the mapping of salesforce first: Score__c.')
})

test('a few that are refused now and then are told to their sender only', async () => {
  await using world = await aWorld()
  await world.connect()
  const before = world.texts()
  await world.send(...touchpoints(300))
  await world.send(...unmapped(9), ...touchpoints(500, 'fine'))
  await world.beat(6)
  expect(world.texts()).toEqual(before)
  expect(await world.store.refusals.untold()).toMatchObject([{ refused: 9 }])
})

test('records that belong to no connection are told in the default channel, and which of several tokens sent them', async () => {
  await using world = await aWorld({ env: { REDKEY_API_TOKENS: `${'a'.repeat(32)},${'b'.repeat(32)}` } })
  await world.connect()
  await world.connect(UAT)
  await post(world, JSON.stringify(touchpoints(30)), 1)
  await post(world, `${'{oops\n'.repeat(25)}{"id":"half\\ud83d","connection":"salesforce"}`, 0, 'application/x-ndjson')
  await world.beat(6)
  const [told, ...more] = cardsSaying(world, REFUSED)
  expect(more).toEqual([])
  expect(shownBy(told)).toContain('*55 records were refused* on arrival')
  expect(shownBy(told)).toContain('30 × `connection_required` (API token 2)')
  expect(shownBy(told)).toContain('25 × `malformed_record` (API token 1)')
  const untold = await world.store.refusals.untold()
  expect(untold).toMatchObject([{ refused: 1, reasons: [{ code: 'invalid_touchpoint', about: 'id', examples: ['half\ufffd'] }] }])
})

test('what is told survives a lost answer of Slack, and is posted once', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...unmapped(25))
  world.slack.faults.reset({ method: 'chat.postMessage' })
  await world.beat(90)
  expect(cardsSaying(world, REFUSED)).toHaveLength(1)
})
