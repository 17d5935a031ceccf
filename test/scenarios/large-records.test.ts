import { expect, test } from 'vitest'
import { backlogOf, goRed, reports } from '../support/acts.ts'
import { addConnection } from '../support/builders.ts'
import { pickyProxy } from '../support/picky-proxy.ts'
import { aTouchpoint, aWorld } from '../support/world.ts'

const MEGABYTE = 1_000_000

test('records however large are pushed in requests of a few megabytes, in order, and few are held at once', {
  timeout: 60_000,
}, async () => {
  await using world = await aWorld()
  const requests: string[][] = []
  const sizes: number[] = []
  await using proxy = await pickyProxy(world.acme.instanceUrl, (body) => {
    const ids = [...body.matchAll(/large-\d+/g)].map(([id]) => id)
    if (ids.length > 0) requests.push(ids)
    sizes.push(body.length)
    return null
  })
  Object.assign(world.acme, { instanceUrl: proxy.url })
  await world.connect()
  await goRed(world)
  const page = 'x'.repeat(30_000)
  const fields = [
    'channel',
    'channelPath',
    'source',
    'campaignName',
    'adGroupName',
    'adContent',
    'keyword',
    'landingPage',
    'formUrl',
  ]
  const large = Object.fromEntries(fields.map((field) => [field, page]))
  for (let post = 0; post < 3; post++) {
    const items = Array.from({ length: 30 }, (_, n) => aTouchpoint({ ...large, id: `large-${1000 + post * 30 + n}` }))
    expect((await world.send(...items)).body).toMatchObject({ accepted: 30 })
  }
  let mostRead = 0
  const { waiting } = world.store.outbox
  Object.assign(world.store.outbox, {
    waiting: async (...asked: Parameters<typeof waiting>) => {
      const rows = await waiting(...asked)
      mostRead = Math.max(
        mostRead,
        rows.reduce((sum, { payload }) => sum + payload.length, 0),
      )
      return rows
    },
  })
  await world.reauthorize()
  await world.beat(10)

  expect(await backlogOf(world)).toMatchObject({ waiting: 0 })
  expect(reports(world)[0]).toContain('All 90 missed touchpoints accounted for')
  expect(requests.flat().sort()).toEqual(Array.from({ length: 90 }, (_, n) => `large-${1000 + n}`))
  for (const ids of requests) expect(ids).toEqual(ids.toSorted())
  expect(requests.length).toBeGreaterThanOrEqual(5)
  expect(Math.max(...sizes)).toBeLessThan(6 * MEGABYTE)
  expect(mostRead).toBeLessThan(9 * MEGABYTE)
})

test('among many CRMs, a record that names none or a wrong one is told some of the names', async () => {
  await using world = await aWorld()
  await world.connect()
  for (let n = 10; n < 40; n++) await addConnection(world.store, { teamId: 'T0ACME', name: `crm-${n}` })
  const { body } = await world.send(aTouchpoint(), aTouchpoint({ connection: 'nobody' }), aTouchpoint({ connection: 'crm-39' }))
  expect(body).toMatchObject({ accepted: 1, rejected: [{ code: 'connection_required' }, { code: 'unknown_connection' }] })
  for (const { message } of body['rejected'] as { message: string }[]) expect(message).toMatch(/crm-10, crm-11, .* and 11 more/)
})
