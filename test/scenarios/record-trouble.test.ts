import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { backlogOf, goRed, reports, shownBy, statusOf } from '../support/acts.ts'
import { pickyProxy } from '../support/picky-proxy.ts'
import { aTouchpoint, aWorld, TOUCHPOINT_OBJECT, touchpoints } from '../support/world.ts'

const HOUR_MS = 60 * 60_000

test('locked rows are tried again until they go through, and block nobody', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(450))
  world.acme.lockRows({ rows: 20, times: 2 })
  await world.reauthorize()
  await world.beat()
  expect(world.written().size).toBe(430)
  expect(await backlogOf(world)).toEqual({ waiting: 20, pushed: 430, superseded: 0, rejected: 0 })
  expect(reports(world)).toEqual([])
  await world.beat(15)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 450, superseded: 0, rejected: 0 })
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 450 missed touchpoints accounted for: 450 pushed')
})

test('batches whose answer is lost, stored or not, are sent again and counted once', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(900))
  world.acme.dropAnswers(2, 'after_commit')
  await world.reauthorize()
  await world.beat(16)
  expect(reports(world)[0]).toContain('All 900 missed touchpoints accounted for: 900 pushed, 0 superseded, 0 rejected')
  expect(world.written().size).toBe(900)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 900, superseded: 0, rejected: 0 })

  world.acme.dropAnswers(2, 'before_commit')
  await world.send(...touchpoints(300, 'later'))
  await world.beat(20)
  expect(world.written().size).toBe(1200)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 1200, superseded: 0, rejected: 0 })
  expect(await statusOf(world)).toBe('connected')
})

test('a record that spoils the whole request is found, set aside and reported; all others arrive once', async () => {
  await using world = await aWorld()
  const said = [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize instance of date' }]
  await using proxy = await pickyProxy(world.acme.instanceUrl, (body) => (body.includes('spoils') ? { status: 400, said } : null))
  Object.assign(world.acme, { instanceUrl: proxy.url })
  await world.connect()
  await goRed(world)
  const fine = touchpoints(399)
  await world.send(...fine.slice(0, 123), aTouchpoint({ id: 'bad', medium: 'spoils it' }), ...fine.slice(123))
  await world.reauthorize()
  await world.beat(6)
  expect([...world.written().keys()].sort()).toEqual(fine.map(({ id }) => id).sort())
  expect(reports(world)[0]).toContain('All 400 missed touchpoints accounted for: 399 pushed, 0 superseded, 1 rejected')
  expect((await world.api('/v1/touchpoints/bad')).body).toMatchObject({
    records: [{ state: 'rejected', code: 'JSON_PARSER_ERROR' }],
  })
  // Mended at the source and sent again, it is a new version of the same id.
  expect((await world.send(aTouchpoint({ id: 'bad', medium: 'cpc' }))).body).toMatchObject({ accepted: 1 })
  await world.beat(2)
  expect(world.written().get('bad')).toBe(1)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 400, superseded: 0, rejected: 0 })
})

test('a record that is refused while all is well is counted, makes no card, and blocks nobody', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.rejectRecords({ matches: (id) => id === 'tp_3', code: 'REQUIRED_FIELD_MISSING', fields: ['Name'] })
  const before = world.texts()
  await world.send(...touchpoints(10))
  await world.beat(3)
  world.turn(HOUR_MS)
  await world.beat(3)
  expect(world.acme.records(TOUCHPOINT_OBJECT).size).toBe(9)
  expect(world.acme.counts(TOUCHPOINT_OBJECT).refused).toBe(1)
  expect(world.texts()).toEqual(before)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 9, superseded: 0, rejected: 1 })
})

test('records that are refused for the same thing are one reason, though the CRM quotes the value of each', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const long = Array.from({ length: 30 }, (_, index) =>
    aTouchpoint({ id: `long_${index}`, adContent: `${index} ${'x'.repeat(300)}` }),
  )
  await world.send(...long, aTouchpoint({ id: 'fine' }))
  await world.reauthorize()
  await world.beat(6)
  const report = world.slack.timeline(MARKETING_OPS).find(({ text }) => text.includes('catch-up report'))
  expect(shownBy(report)).toContain('1 pushed, 0 superseded, 30 rejected')
  expect(shownBy(report)).toMatch(/• 30 × for example: Ad Content: data value too large.*`STRING_TOO_LONG`/)
  expect(shownBy(report)).not.toContain('other reasons')
})
