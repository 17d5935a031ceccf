import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { until } from '../../src/sandbox/until.ts'
import { answerTo, backlogOf, cardsSaying, check, goRed, reports, STACK, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const HISTORY = { scopes: ['chat:write', 'commands', 'users:read', 'channels:history'] }

interface LockedWorld extends AsyncDisposable {
  readonly world: World
  /** Another program takes the database's write lock. */
  lock(): void
  unlock(): void
}

async function aLockableWorld(): Promise<LockedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'redkey-locked-'))
  const path = join(folder, 'redkey.db')
  const world = await aWorld({ databaseUrl: `file:${path}`, slack: HISTORY })
  const other = new Database(path, { timeout: 5_000 })
  return {
    world,
    lock: () => void other.exec('begin immediate'),
    unlock: () => void other.exec('rollback'),
    async [Symbol.asyncDispose]() {
      other.close()
      await world[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One job of the beat, as cron runs it: a failure is for the log, and it comes round again. */
function tryJob(world: World, name: string): Promise<void> {
  return world.run(name).catch(() => undefined)
}

test('while the database is locked, programs, browsers and Slack are told to come back, and nothing is lost', async () => {
  await using locked = await aLockableWorld()
  const { world } = locked
  await world.connect()
  const link = await goRed(world)
  const visitor = aVisitor()
  const callback = await signIn(await visitor.depart(link), ACME)

  locked.lock()
  const refused = await fetch(`${world.config.url}/v1/touchpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.config.apiTokens[0]}`, 'content-type': 'application/json' },
    body: JSON.stringify(touchpoints(3)),
  })
  expect(refused.status).toBe(503)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ code: 'storage_unavailable' })
  const page = await visitor.arrive(callback)
  expect(page.text).toContain("can't reach its database")
  expect(page.text).not.toMatch(STACK)
  const answer = await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'check salesforce'))
  expect(answer).toMatch(/try again/)
  expect(answer).not.toMatch(STACK)
  for (const job of ['renew', 'checks', 'drain', 'messages', 'logins', 'workspace']) await tryJob(world, job)
  locked.unlock()

  expect(await statusOf(world)).toBe('authorization_required')
  expect((await world.send(...touchpoints(3))).body).toMatchObject({ accepted: 3, duplicates: 0 })
  expect((await visitor.login(link, ACME)).text).toContain('authorized again')
  await world.beat(5)
  expect(reports(world)[0]).toContain('All 3 missed touchpoints accounted for: 3 pushed')
})

test('a lock that comes between a deed and its record delays, and neither loses nor doubles', async () => {
  await using locked = await aLockableWorld()
  const { world } = locked
  await world.connect()

  // A check has its answer, which can't be written down: it is checked again soon.
  world.turn(10 * 60_000)
  world.acme.revokeGrant()
  const release = world.acme.hold()
  const checking = tryJob(world, 'checks')
  locked.lock()
  release()
  await checking
  locked.unlock()
  expect(await statusOf(world)).toBe('connected')
  await world.beat(30)
  expect(await statusOf(world)).toBe('authorization_required')
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(1)
  await world.reauthorize()
  await world.beat(5)
  world.turn(60 * 60_000)

  // A card is posted, which can't be written down: it is found again in the channel's history.
  world.acme.revokeGrant()
  await world.api('/v1/connections/salesforce/check', { method: 'POST' })
  const posted = world.slack.eventually(() => {
    if (cardsSaying(world, /needs authorization/).length < 2) return false
    locked.lock() // before Slack's answer is on its way
    return true
  })
  await Promise.all([posted, tryJob(world, 'messages')])
  locked.unlock()
  await world.beat(90)
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(2)

  // Records are in the CRM, which can't be written down: they are pushed again, and counted once.
  await world.send(...touchpoints(500))
  const hold = world.acme.hold()
  const returning = world.reauthorize().catch(() => undefined)
  hold()
  await returning
  await world.beat(1)
  await world.send(...touchpoints(300, 'live'))
  const held = world.acme.hold()
  const draining = tryJob(world, 'drain')
  locked.lock()
  held()
  await draining
  locked.unlock()
  await world.beat(30)
  expect(world.written().size).toBe(800)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 800, superseded: 0, rejected: 0 })
  expect(reports(world).at(-1)).toContain('All 500 missed touchpoints accounted for: 500 pushed')
  await check(world)
  expect(await statusOf(world)).toBe('connected')
})

test('a lock at the moment of a refresh does not cost the login, though the old refresh token is worthless by then', async () => {
  await using locked = await aLockableWorld()
  const { world } = locked
  await world.connect()
  world.sandbox.salesforce.switches.rotateRefreshTokens = true
  world.acme.expireAccessTokens()
  world.turn(10 * 60_000)
  const release = world.sandbox.salesforce.holdRefreshes()
  const checking = tryJob(world, 'checks')
  await until('the refresh is on its way', () => world.acme.calls.list().at(-1)?.status === 401, 5_000)
  await world.api('/v1/connections') // by now the lease of the refresh is taken
  locked.lock()
  release()
  setTimeout(locked.unlock, 100)
  await checking
  await world.send(...touchpoints(3))
  await world.beat(30)
  expect(await statusOf(world)).toBe('connected')
  expect(world.written().size).toBe(3)
  expect(cardsSaying(world, /needs authorization/)).toEqual([])
})
