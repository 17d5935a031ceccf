import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import { beginReauthorize } from '../../src/domain/access/begin-login.ts'
import type { Status } from '../../src/domain/connections/connection.ts'
import type { Verdict } from '../../src/domain/provider.ts'
import { DOWN, memoryProvider } from '../support/memory-provider.ts'
import { aClock, aWatch, type Watch } from '../support/watch.ts'

const EVERY_MS = 5 * MINUTE_MS
const names = (count: number) => Array.from({ length: count }, (_, n) => `account-${n}`)

/** An agency: one login, many accounts, at a provider that counts calls. */
async function anAgency(count: number, provesLogins = true) {
  const clock = aClock()
  const google = memoryProvider(clock, {
    name: 'google-ads',
    provesLogins,
    accessMs: HOUR_MS,
    ...(provesLogins && { dailyCalls: 2880 }),
  })
  const watch = await aWatch({ clock, providers: [google.provider], machines: 2 })
  const connections = await watch.connect(google.provider, 'ana', google.logIn('ana'), names(count))
  await watch.pass(EVERY_MS, MINUTE_MS)
  return { clock, google, watch, connections }
}

async function statuses({ store }: Watch): Promise<Partial<Record<Status, number>>> {
  const all = await store.connections.overviews('T1')
  const groups = Map.groupBy(all, ({ connection }) => connection.health.status)
  return Object.fromEntries([...groups].map(([status, those]) => [status, those.length]))
}

test('a day of 60 accounts of one login takes one check of the login a round, and less than a fifth of the calls of a day', async () => {
  const { google, watch, clock } = await anAgency(60)
  await using _ = watch
  Object.assign(google.calls, { account: 0, login: 0, refresh: 0 })
  await watch.pass(DAY_MS, EVERY_MS)
  expect(google.calls.login).toBeGreaterThanOrEqual(280)
  // Once more each hour, when the access token has ended.
  expect(google.calls.login).toBeLessThanOrEqual(289 + 25)
  expect(google.calls.account).toBeLessThan(2880 * 0.2)
  expect(google.calls.account).toBeGreaterThan(400)
  for (const { connection } of await watch.store.connections.overviews('T1'))
    expect(connection.health.lastProofAt.getTime()).toBeGreaterThan(later(clock.now(), -2 * EVERY_MS).getTime())
})

test('a dead login turns all its connections red within two rounds, whichever account was asked for', async () => {
  for (const provesLogins of [true, false]) {
    const { google, watch } = await anAgency(20, provesLogins)
    await using _ = watch
    google.of('ana').revoked = true
    google.of('ana').endAccess()
    await watch.pass(2 * EVERY_MS, MINUTE_MS)
    expect(await statuses(watch)).toEqual({ authorization_required: 20 })
  }
})

test('an account that the login may not use any more has a card of its own, and the others go on', async () => {
  const { google, watch } = await anAgency(12)
  await using _ = watch
  google.of('ana').lostAccounts.add('account-7')
  await watch.pass(80 * MINUTE_MS, EVERY_MS)
  expect(await statuses(watch)).toEqual({ permission_required: 1, connected: 11 })
  const [card, ...others] = watch.slack.saying(/refuses part of the work/)
  expect(others).toEqual([])
  expect(card?.texts.at(-1)).toContain('account-7')
  expect(card?.blocks).toContain('Reauthorize as somebody else')
  expect(card?.blocks).not.toContain(':key:')
  // The login page is not told the name of the user who lacks the right.
  const ticket = /\/reauthorize\/([\w.-]+)/.exec(card?.blocks ?? '')?.[1] ?? ''
  const [deps] = watch.machines
  expect(deps && (await beginReauthorize(deps, { ticket, identity: null }))).toMatchObject({
    url: expect.stringMatching(/login_hint=$/),
  })
  // The login goes on being proved, which does not mend what one account lacks.
  await watch.pass(HOUR_MS, EVERY_MS)
  expect(card?.texts).toHaveLength(1)
  google.of('ana').lostAccounts.clear()
  await watch.pass(80 * MINUTE_MS, EVERY_MS)
  expect(await statuses(watch)).toEqual({ connected: 12 })
})

test('when the API is silent for all accounts, the first that answers ends it for all', async () => {
  const { google, watch } = await anAgency(40)
  await using _ = watch
  const { probe } = google.provider
  Object.assign(google.provider, { probe: async () => DOWN })
  await watch.pass(3 * HOUR_MS, EVERY_MS)
  expect(watch.slack.saying(/no usable answer/)).toHaveLength(1)
  Object.assign(google.provider, { probe })
  await watch.pass(2 * EVERY_MS, MINUTE_MS)
  expect(watch.slack.saying(/is reachable again/)).toHaveLength(1)
  expect(watch.slack.saying(/no usable answer/)).toEqual([])
})

test('a login that proves itself is no proof for accounts that refuse it', async () => {
  const scope: Verdict = {
    kind: 'authorization_required',
    cause: 'scope_missing',
    certain: true,
    code: 'SCOPE',
    explanation: 'A scope is missing.',
  }
  for (const count of [1, 3]) {
    const { google, watch } = await anAgency(count)
    await using _ = watch
    const { probe } = google.provider
    Object.assign(google.provider, { probe: async () => scope })
    await watch.pass(90 * MINUTE_MS, EVERY_MS)
    expect(await statuses(watch)).toEqual({ authorization_required: count })
    const withdrawn = () => watch.slack.shown.filter(({ texts }) => texts.some((text) => text.startsWith('↩️')))
    expect(withdrawn()).toEqual([])
    expect(watch.slack.shown.some(({ blocks }) => blocks.includes('withdrawn'))).toBe(false)
    Object.assign(google.provider, { probe })
    await watch.pass(30 * MINUTE_MS, EVERY_MS)
    expect(await statuses(watch)).toEqual({ connected: count })
    expect(withdrawn()).toHaveLength(1)
  }
})
