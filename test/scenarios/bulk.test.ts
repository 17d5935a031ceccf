import { expect, test } from 'vitest'
import type { Mapping } from '../../src/domain/crm.ts'
import { backlogOf, cardsSaying, reports, shownBy } from '../support/acts.ts'
import { aBacklog, bulkCalls, expectAllOnce, jobStates, pushes, untilDrained } from '../support/bulk.ts'
import { aTouchpoint, aWorld, TOUCHPOINT_OBJECT, touchpoints } from '../support/world.ts'

const ATTRIBUTION_OBJECT = 'bizible2__Bizible_Attribution_Touchpoint__c'

test('a large backlog goes in one bulk job, a small one does not', async () => {
  await using world = await aBacklog(250)
  await world.reauthorize()
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(bulkCalls(world)).toEqual({ create: 1, upload: 1, close: 1, state: 4, successfulResults: 1, failedResults: 1 })
  expect(pushes(world)).toBe(0)

  await world.send(...touchpoints(99, 'few'))
  await world.beat(2)
  expect(world.written().size).toBe(349)
  expect(bulkCalls(world)).toMatchObject({ create: 1 })
})

test('REDKEY_BULK_FROM=off: never in bulk', async () => {
  await using world = await aBacklog(250, { env: { REDKEY_BULK_FROM: 'off' } })
  await world.reauthorize()
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(bulkCalls(world)).toEqual({})
})

test('rejects, locked rows, and versions that come while the job is worked on are accounted for to the last one', async () => {
  await using world = await aBacklog(300)
  world.acme.rejectRecords({ matches: (id) => id.endsWith('7'), code: 'REQUIRED_FIELD_MISSING', fields: ['Region__c'] })
  world.acme.lockRows({ matches: (id) => id.endsWith('3'), times: 1 })
  world.acme.bulk.switches.standsStill = true
  await world.reauthorize()
  await world.beat(3)
  expect(jobStates(world)).toEqual(['UploadComplete'])
  // New versions of twenty, of which two are rejected and two are locked, and something new.
  await world.send(...touchpoints(20).map((one) => ({ ...one, medium: 'email' })), ...touchpoints(5, 'new'))
  await world.beat(20)
  expect(world.written().size).toBe(0)
  world.acme.bulk.switches.standsStill = false
  await untilDrained(world, 200)

  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 275, superseded: 20, rejected: 30 })
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 300 missed touchpoints accounted for: 252 pushed, 20 superseded, 28 rejected')
  const records = world.acme.records(TOUCHPOINT_OBJECT)
  expect(records.size).toBe(275)
  for (const place of [0, 1, 2, 3, 19]) {
    if (place !== 7) expect(records.get(`tp_${place}`)?.fields['bizible2__Medium__c']).toBe('email')
  }
  const rejects = await world.api('/v1/connections/salesforce/rejects')
  expect(JSON.stringify(rejects.body)).toContain('"field":"Region__c"')
  expect(bulkCalls(world)).toMatchObject({ create: 1 })
})

test('two ids that the CRM takes for one go in two jobs, in their order', async () => {
  await using world = await aBacklog(150)
  await world.send(aTouchpoint({ id: 'TP_0', medium: 'second' }), ...touchpoints(149, 'more'))
  await world.reauthorize()
  await untilDrained(world)
  expect(jobStates(world)).toEqual(['JobComplete', 'JobComplete'])
  expect(world.acme.bulk.jobs.map(({ results }) => results.length)).toEqual([150, 150])
  expect(world.acme.records(TOUCHPOINT_OBJECT).get('tp_0')?.fields['bizible2__Medium__c']).toBe('second')
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 300, rejected: 0 })
})

test('every text arrives as it was sent, also what a bulk file can not say', async () => {
  await using world = await aBacklog(120)
  const texts = {
    quotes: 'say "hi", they\nsaid',
    formula: '=1+1',
    spaces: ' a ',
    emoji: 'grün 🔑',
    not_available: '#N/A',
    carriage_return: 'a\r\nb',
  }
  await world.send(
    ...Object.entries(texts).map(([id, adContent]) => aTouchpoint({ id, adContent })),
    aTouchpoint({ id: 'emptied', adContent: null, keyword: '' }),
  )
  await world.reauthorize()
  await untilDrained(world)
  const fieldsOf = (id: string) => world.acme.records(TOUCHPOINT_OBJECT).get(id)?.fields ?? {}
  for (const [id, text] of Object.entries(texts)) expect(fieldsOf(id)['bizible2__Ad_Content__c'], id).toBe(text)
  expect(fieldsOf('emptied')).toMatchObject({ bizible2__Ad_Content__c: null })
  expect(fieldsOf('emptied')['bizible2__Keyword_Text__c'] ?? '').toBe('')
  expect('bizible2__Landing_Page__c' in fieldsOf('emptied')).toBe(false)
  expect(world.acme.bulk.jobs.map(({ results }) => results.length)).toEqual([125])
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 127 })
})

test('touchpoints with an object of their own go in a job of their own', async () => {
  await using world = await aBacklog(0)
  const { body } = await world.api('/v1/connections/salesforce/mapping')
  const { touchpoints: common } = body['mapping'] as Mapping
  const mapping = { touchpoints: common, attribution: { ...common, object: ATTRIBUTION_OBJECT } }
  await world.reauthorize()
  const put = await world.api('/v1/connections/salesforce/mapping', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mapping),
  })
  expect(put).toMatchObject({ status: 200 })
  await world.send(...touchpoints(240).map((one, place) => (place % 2 ? { ...one, opportunityId: '006000000000001AAA' } : one)))
  await untilDrained(world)
  expect(world.acme.bulk.jobs.map(({ object, results }) => [object, results.length])).toEqual([
    [TOUCHPOINT_OBJECT, 120],
    [ATTRIBUTION_OBJECT, 120],
  ])
  expect(world.acme.records(ATTRIBUTION_OBJECT).size).toBe(120)
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 240 })
})

test('the card counts on as results come in, and nothing twice when reading them breaks off', async () => {
  await using world = await aBacklog(250)
  world.acme.rejectRecords({ every: 10, code: 'REQUIRED_FIELD_MISSING' })
  await world.reauthorize()
  world.acme.bulk.switches.standsStill = true
  await world.beat(5)
  expect(world.texts().at(-1)).toContain('0 of 250 touchpoints')
  world.acme.bulk.switches.standsStill = false
  world.acme.bulk.cutResults('failedResults', 600)
  while (!bulkCalls(world)['failedResults']) await world.beat()
  expect(world.texts().at(-1)).toContain('225 of 250 touchpoints')
  await untilDrained(world)
  expect(reports(world).at(-1)).toContain('All 250 missed touchpoints accounted for: 225 pushed, 0 superseded, 25 rejected')
  expect(bulkCalls(world)).toMatchObject({ create: 1, successfulResults: 2, failedResults: 2 })
  expect(new Set(world.written().values())).toEqual(new Set([1]))
})

test('a backlog that grows large while it is pushed ordinarily goes on in bulk', async () => {
  await using world = await aWorld({ env: { REDKEY_BULK_FROM: '5000' } })
  await world.connect()
  const release = world.acme.hold()
  await world.send(...touchpoints(4000, 'first'))
  const drain = world.run('drain')
  await world.send(...touchpoints(6000, 'flood'))
  const next = world.run('drain')
  expect(await backlogOf(world)).toMatchObject({ pushed: 0, waiting: 10_000 }) // by then it has noticed
  release()
  await Promise.all([drain, next])
  const pushed = world.written().size
  expect(pushed).toBeLessThan(4000)
  await untilDrained(world)
  const sample = 200
  expect(world.acme.bulk.jobs.map(({ state, results }) => [state, results.length])).toEqual([
    ['JobComplete', 10_000 - pushed - sample],
  ])
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 10_000 })
})

test('a job of which a fifth is refused raises a card that says so, and stops nothing', async () => {
  await using world = await aBacklog(1500)
  world.acme.rejectRecords({ every: 5, code: 'REQUIRED_FIELD_MISSING', fields: ['Region__c'] })
  await world.reauthorize()
  await untilDrained(world)
  expect(jobStates(world)).toEqual(['JobComplete'])
  expect(shownBy(cardsSaying(world, 'refuses touchpoints alike')[0])).toContain('*300 of 1,500 touchpoints were refused')
  await world.send(...touchpoints(50, 'later'))
  await world.beat(5)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 1240, superseded: 0, rejected: 310 })
})

test('a job of which nearly all is refused stops the pushing, also when its results are read twice', async () => {
  await using world = await aBacklog(300)
  world.acme.rejectRecords({ code: 'REQUIRED_FIELD_MISSING', fields: ['Region__c'], matches: (id) => !id.endsWith('0') })
  world.acme.bulk.loseAnswers('failedResults')
  await world.reauthorize()
  await untilDrained(world)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 30, superseded: 0, rejected: 270 })
  expect(shownBy(cardsSaying(world, 'Pushing to Salesforce has stopped')[0])).toContain('270 of 300')
  await world.send(...touchpoints(50, 'later'))
  await world.beat(5)
  expect(await backlogOf(world)).toMatchObject({ waiting: 50 })
})

test('the results of a job that stops the pushing are read to their end: one stop, and one click', async () => {
  await using world = await aBacklog(1900)
  world.acme.rejectRecords({ code: 'REQUIRED_FIELD_MISSING', fields: ['Region__c'] })
  await world.reauthorize()
  await untilDrained(world)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 0, superseded: 0, rejected: 1900 })
  expect(cardsSaying(world, 'Pushing to Salesforce has stopped')).toHaveLength(1)
  expect(reports(world).at(-1)).toContain('1,900 rejected')
})

test.each([
  ['after others', 150, 0],
  ['before others', 0, 150],
])('two ids that the CRM takes for one keep their order when a bulk file can not say the first, %s', async (_, before, after) => {
  await using world = await aBacklog(before)
  const first = aTouchpoint({ id: 'TP_X', medium: 'first', adContent: 'a\r\nb' })
  await world.send(first, aTouchpoint({ id: 'tp_x', medium: 'second', adContent: 'c' }), ...touchpoints(after, 'more'))
  await world.reauthorize()
  await untilDrained(world)
  expect(world.acme.records(TOUCHPOINT_OBJECT).get('tp_x')?.fields).toMatchObject({
    bizible2__Medium__c: 'second',
    bizible2__Ad_Content__c: 'c',
  })
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 152 })
})
