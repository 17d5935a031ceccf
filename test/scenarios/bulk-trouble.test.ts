import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { silentLog } from '../../src/log.ts'
import type { BulkCall } from '../../src/sandbox/providers/salesforce/bulk-jobs.ts'
import { backlogOf, check, goRed, reports, statusOf } from '../support/acts.ts'
import { aBacklog, bulkCalls, expectAllOnce, jobStates, pushes, untilDrained } from '../support/bulk.ts'
import { TOUCHPOINT_OBJECT, touchpoints, type World } from '../support/world.ts'

const MINUTE_SECONDS = 60

/** Another process on the same store. Its jobs run when asked. */
function anotherMachine(world: World) {
  const { store, clock, config } = world
  const app = createApp(config, { store, clock, log: silentLog, keys: config.keys ?? [] })
  const drain = app.jobs.find(({ name }) => name === 'drain')
  if (!drain) throw new Error('there is no drain')
  return drain
}

test.each<[BulkCall, 'after' | 'before', string[]]>([
  ['create', 'after', ['Aborted', 'Aborted', 'JobComplete']],
  ['create', 'before', ['JobComplete']],
  ['upload', 'after', ['Aborted', 'Aborted', 'JobComplete']],
  ['upload', 'before', ['Aborted', 'Aborted', 'JobComplete']],
  ['close', 'after', ['JobComplete']],
  ['close', 'before', ['JobComplete']],
  ['state', 'after', ['JobComplete']],
  ['successfulResults', 'after', ['JobComplete']],
  ['failedResults', 'after', ['JobComplete']],
])('an answer to %s that is lost %s it was acted on loses nothing and doubles nothing', async (call, when, states) => {
  await using world = await aBacklog(250)
  world.acme.bulk.loseAnswers(call, 2, when)
  await world.reauthorize()
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(states)
  expect(pushes(world)).toBe(0)
})

test('only jobs that may be its own are given up after a lost answer', async () => {
  await using world = await aBacklog(250)
  const { bulk, users } = world.acme
  world.acme.bulk.switches.pageSize = 2
  const [ana, tom] = users
  const stored = bulk as unknown as { create(object: string, field: string, by: string, at: Date): unknown }
  const now = world.clock.now()
  const earlier = new Date(now.getTime() - 10 * MINUTE_SECONDS * 1000)
  stored.create(TOUCHPOINT_OBJECT, 'bizible2__UniqueId__c', tom?.id ?? '', now)
  stored.create('Redkey_Touchpoint__c', 'Touch_Key__c', ana?.id ?? '', now)
  stored.create(TOUCHPOINT_OBJECT, 'bizible2__UniqueId__c', ana?.id ?? '', earlier)
  bulk.loseAnswers('create')
  await world.reauthorize()
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(['Open', 'Open', 'Open', 'Aborted', 'JobComplete'])
})

test('a session that ends at any moment is renewed without anybody noticing', async () => {
  await using world = await aBacklog(250)
  await world.reauthorize()
  for (let second = 0; second < 20; second++) {
    world.acme.expireAccessTokens()
    await world.beat()
  }
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(['JobComplete'])
  expect(await statusOf(world)).toBe('connected')
})

test('an outage while the job is worked on: after the next login its results are read, and nothing is sent again', async () => {
  await using world = await aBacklog(250)
  world.acme.bulk.switches.standsStill = true
  await world.reauthorize()
  await world.beat(3)
  world.acme.revokeGrant()
  await check(world)
  expect(await statusOf(world)).toBe('authorization_required')
  await world.send(...touchpoints(30, 'later'))
  world.acme.bulk.switches.standsStill = false
  await world.beat(60)
  expect(world.written().size).toBe(0)
  await world.reauthorize()
  await untilDrained(world)
  expect(world.written().size).toBe(280)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 280, superseded: 0, rejected: 0 })
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 280 missed touchpoints accounted for: 280 pushed')
  expect(jobStates(world)).toEqual(['JobComplete'])
})

test('a grant that dies during the upload turns the key red, and the next login begins anew', async () => {
  await using world = await aBacklog(250)
  const pause = world.acme.bulk.pauseAfter('create')
  const reauthorized = world.reauthorize()
  await pause.reached
  world.acme.revokeGrant()
  pause.release()
  await reauthorized
  await world.beat(2)
  await check(world)
  expect(await statusOf(world)).toBe('authorization_required')
  await world.reauthorize()
  await untilDrained(world)
  expect(world.written().size).toBe(250)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(jobStates(world)).toEqual(['Aborted', 'JobComplete'])
})

test('a process that hangs in the upload while another takes over does no harm when it wakes', async () => {
  await using world = await aBacklog(250)
  const pause = world.acme.bulk.pauseAfter('upload')
  const reauthorized = world.reauthorize()
  await pause.reached
  await reauthorized
  const other = anotherMachine(world)
  await other.run() // the lease still holds
  expect(jobStates(world)).toEqual(['Open'])
  world.turn(11_000)
  await other.run()
  expect(jobStates(world)).toEqual(['Aborted', 'UploadComplete'])
  pause.release()
  await world.run('drain')
  for (let second = 0; second < 20; second++) {
    world.turn(1000)
    await Promise.all([world.run('drain'), other.run()])
  }
  await world.beat(5)
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(['Aborted', 'JobComplete'])
})

test('of a job that fails half way the rest goes by ordinary pushes, and no other job follows for an hour', async () => {
  await using world = await aBacklog(450)
  world.acme.bulk.switches.failAfter = 210
  await world.reauthorize()
  await untilDrained(world)
  await expectAllOnce(world, 450)
  expect(jobStates(world)).toEqual(['Failed'])
  expect(pushes(world)).toBe(2)
  await goRed(world)
  await world.send(...touchpoints(150, 'soon'))
  await world.reauthorize()
  await untilDrained(world)
  expect(jobStates(world)).toEqual(['Failed'])
  world.turn(61 * MINUTE_SECONDS * 1000)
  await goRed(world)
  await world.send(...touchpoints(150, 'later'))
  await world.reauthorize()
  await untilDrained(world)
  expect(jobStates(world)).toEqual(['Failed', 'JobComplete'])
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 750 })
})

test.each<['abort' | 'delete']>([['abort'], ['delete']])('a job that an administrator does %s is not waited for', async (act) => {
  await using world = await aBacklog(250)
  world.acme.bulk.switches.standsStill = true
  await world.reauthorize()
  await world.beat(3)
  const [job] = world.acme.bulk.jobs
  if (job) world.acme.bulk[act](job)
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(bulkCalls(world)).toMatchObject({ create: 1 })
})

test('a job that does not end in a day is aborted, and what it wrote till then counts', async () => {
  await using world = await aBacklog(250)
  world.acme.bulk.switches.standsStill = true
  await world.reauthorize()
  await world.beat(3)
  world.turn(25 * 60 * MINUTE_SECONDS * 1000 - 30_000)
  await untilDrained(world)
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(['Aborted'])
})

test.each<[string, (world: World) => void]>([
  ['the org has no Bulk API', ({ acme }) => Object.assign(acme.bulk.switches, { off: true })],
  ["the day's jobs are used up", ({ acme }) => Object.assign(acme.bulk.switches, { quotaUsed: true })],
])('%s: the backlog goes by ordinary pushes at once', async (_what, breakIt) => {
  await using world = await aBacklog(250)
  breakIt(world)
  await world.reauthorize()
  await world.beat(5)
  await expectAllOnce(world, 250)
  expect(bulkCalls(world)).toEqual({ create: 1 })
  expect(await statusOf(world)).toBe('connected')
})

test('a field that the login lost holds everything: a card says so, nothing is rejected, and all of it arrives afterwards', async () => {
  await using world = await aBacklog(250)
  world.acme.hideField(TOUCHPOINT_OBJECT, 'bizible2__Medium__c')
  await world.reauthorize()
  await world.beat(20)
  expect(jobStates(world)).toEqual(['Failed'])
  expect(await statusOf(world)).toBe('permission_required')
  expect(await backlogOf(world)).toEqual({ waiting: 250, pushed: 0, superseded: 0, rejected: 0 })
  world.acme.showField(TOUCHPOINT_OBJECT, 'bizible2__Medium__c')
  await check(world)
  await untilDrained(world)
  expect(world.written().size).toBe(250)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 250, superseded: 0, rejected: 0 })
})

test('a right that the login lost on the object is said of each record, and holds everything', async () => {
  await using world = await aBacklog(250)
  world.acme.setObjectAccess(TOUCHPOINT_OBJECT, 'read_only')
  await world.reauthorize()
  await world.beat(20)
  expect(jobStates(world)).toEqual(['JobComplete'])
  expect(await statusOf(world)).toBe('permission_required')
  expect(await backlogOf(world)).toEqual({ waiting: 250, pushed: 0, superseded: 0, rejected: 0 })
  world.acme.setObjectAccess(TOUCHPOINT_OBJECT, 'full')
  await check(world)
  await untilDrained(world)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 250, superseded: 0, rejected: 0 })
  expect(jobStates(world)).toEqual(['JobComplete', 'JobComplete'])
})

test('while Salesforce is down the job waits, and nobody asks every second', async () => {
  await using world = await aBacklog(250)
  world.acme.bulk.switches.standsStill = true
  await world.reauthorize()
  await world.beat(3)
  world.acme.switches.down = true
  world.acme.calls.clear()
  await world.beat(100)
  expect(world.acme.calls.total).toBeLessThan(20)
  world.acme.switches.down = false
  world.acme.bulk.switches.standsStill = false
  await untilDrained(world, 400)
  await expectAllOnce(world, 250)
  expect(jobStates(world)).toEqual(['JobComplete'])
})
