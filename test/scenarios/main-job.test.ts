import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aTouchpoint, aWorld, touchpoints, UAT } from '../support/world.ts'

test('a dead grant turns red, what comes meanwhile waits, reauthorizing pushes it all and reports it exactly', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...touchpoints(3, 'before'))
  await world.beat()
  expect(world.written().size).toBe(3)

  world.acme.revokeGrant()
  await world.beat(301)
  expect(world.texts().filter((text) => text.includes('needs authorization'))).toHaveLength(1)
  expect((await world.send(...touchpoints(7, 'during'))).body).toEqual({ accepted: 7, duplicates: 0, rejected: [] })
  await world.send(aTouchpoint({ id: 'during_3', medium: 'email' }))
  await world.beat(20)
  expect(world.written().size).toBe(3)
  expect(JSON.stringify(world.slack.messages(MARKETING_OPS).at(-1)?.blocks)).toContain('*7 are waiting*')

  await world.reauthorize()
  await world.beat(6)
  expect([...world.written()].sort()).toEqual(
    [...touchpoints(3, 'before'), ...touchpoints(7, 'during')].map(({ id }) => [id, 1]).sort(),
  )
  const reports = world.slack.timeline(MARKETING_OPS).filter((message) => message.text.includes('8 missed touchpoints'))
  expect(reports.at(-1)?.text).toMatch(/7 pushed.*1 superseded.*0 rejected/)
  expect(world.texts().filter((text) => text.includes('needs authorization'))).toHaveLength(0)
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({
    status: 'connected',
    backlog: { waiting: 0, pushed: 10 },
  })
})

test('a login to another org changes nothing and is told in the thread', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.revokeGrant()
  await world.beat(301)
  await world.reauthorize(UAT)
  await world.beat(3)
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({ status: 'authorization_required' })
  expect(world.threadTexts().join('\n')).toContain('Acme UAT')
})
