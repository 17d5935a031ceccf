import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/clock.ts'
import { DEAD, DOWN, memoryProvider } from '../support/memory-provider.ts'
import { aClock, aWatch } from '../support/watch.ts'

/** Access tokens that never end by themselves: nothing but the weekly use keeps the refresh token alive. */
async function idle(users: readonly string[]) {
  const clock = aClock()
  const meta = memoryProvider(clock, { name: 'meta', rotates: true })
  const watch = await aWatch({ clock, providers: [meta.provider], machines: 3, settings: { checkEveryMs: 30 * MINUTE_MS } })
  const connections = []
  for (const user of users) connections.push(...(await watch.connect(meta.provider, user, meta.logIn(user), [`of-${user}`])))
  return { clock, meta, watch, connections }
}

test('idle logins are used once a week, not all in the same hour, and by one process', async () => {
  const users = Array.from({ length: 40 }, (_, n) => `user-${n}`)
  const { meta, watch } = await idle(users)
  await using _ = watch
  await watch.pass(6.4 * DAY_MS, 2 * HOUR_MS)
  expect(meta.calls.refresh).toBe(0)
  const byHour: number[] = []
  for (let hour = 0; hour < 16; hour++) {
    const before = meta.calls.refresh
    await watch.pass(HOUR_MS, 30 * MINUTE_MS)
    byHour.push(meta.calls.refresh - before)
  }
  expect(meta.calls.refresh).toBe(40)
  expect(Math.max(...byHour)).toBeLessThan(15)
  // A refresh token that was shown twice would have ended its login.
  expect(users.filter((user) => meta.of(user).revoked)).toEqual([])
})

test('those of a connection that is paused, or lacks a right, are used as well', async () => {
  const { meta, watch, connections } = await idle(['ana', 'ben'])
  await using _ = watch
  const [ana] = connections
  if (!ana) throw new Error('nobody is connected')
  const next = { ...ana.health, status: 'paused' as const }
  const nothing = {
    remindAt: null,
    alert: null,
    openOutage: null,
    card: null,
    changeOutage: null,
    closeOutage: null,
    audit: null,
  }
  await watch.store.connections.changeHealth({
    seen: ana,
    next,
    ...nothing,
    reuseCardClosedAfter: next.since,
    storm: { cards: 10, withinMs: 300_000 },
    nextCheckAt: next.since,
  })
  meta.of('ben').lostAccounts.add('of-ben')
  await watch.pass(7.1 * DAY_MS, 2 * HOUR_MS)
  expect((await watch.find(connections[1]?.id ?? '')).health.status).toBe('permission_required')
  expect(meta.calls.refresh).toBe(2)
})

test('a refused refresh says nothing while the access token works, and everything once it ends', async () => {
  for (const refusal of [DEAD, DOWN]) {
    const { meta, watch, connections } = await idle(['ana'])
    await using _ = watch
    const id = connections[0]?.id ?? ''
    meta.of('ana').refreshRefusal = refusal
    await watch.pass(7.5 * DAY_MS, 2 * HOUR_MS)
    expect((await watch.find(id)).health).toMatchObject({ status: 'connected', suspectSince: null, unreachableSince: null })
    // It is tried again from time to time, and not with every check.
    expect(meta.calls.refresh).toBeGreaterThan(1)
    expect(meta.calls.refresh).toBeLessThan(60)
    expect(watch.slack.saying(/needs authorization: /)).toEqual([])

    meta.of('ana').endAccess()
    await watch.pass(HOUR_MS, 30 * MINUTE_MS)
    const isDead = refusal === DEAD
    expect((await watch.find(id)).health.status).toBe(isDead ? 'authorization_required' : 'connected')
    expect(watch.slack.saying(/needs authorization: /)).toHaveLength(isDead ? 1 : 0)
  }
})

test('an access token that works longer than it was said to outranks a refused refresh', async () => {
  const clock = aClock()
  const meta = memoryProvider(clock, { name: 'meta' })
  await using watch = await aWatch({ clock, providers: [meta.provider] })
  const tokens = { ...meta.logIn('ana'), accessExpiresAt: clock.now() }
  const [ana] = await watch.connect(meta.provider, 'ana', tokens, ['of-ana'])
  meta.of('ana').refreshRefusal = DEAD
  await watch.pass(HOUR_MS, 5 * MINUTE_MS)
  expect((await watch.find(ana?.id ?? '')).health.status).toBe('connected')
})

test('a call that worked after the doubt outranks the second refusal', async () => {
  const clock = aClock()
  const meta = memoryProvider(clock, { name: 'meta' })
  await using watch = await aWatch({ clock, providers: [meta.provider] })
  const [ana] = await watch.connect(meta.provider, 'ana', meta.logIn('ana'), ['of-ana'])
  const id = ana?.id ?? ''
  await watch.pass(MINUTE_MS, MINUTE_MS)
  meta.of('ana').doubtful = true
  meta.of('ana').endAccess()
  await watch.pass(5 * MINUTE_MS, MINUTE_MS)
  expect((await watch.find(id)).health.suspectSince).not.toBeNull()
  // A push that was under way is settled, which changes nothing but the proof.
  clock.turn(1000)
  await watch.store.connections.prove(id, clock.now())
  await watch.pass(59_000, 1000)
  expect((await watch.find(id)).health.status).toBe('connected')
  await watch.pass(2 * MINUTE_MS, 10_000)
  expect((await watch.find(id)).health.status).toBe('authorization_required')
})
