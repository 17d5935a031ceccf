import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { type MemoryProvider, memoryProvider } from '../support/memory-provider.ts'
import { aClock, aWatch, type Watch } from '../support/watch.ts'

const USERS = ['ana', 'ben', 'cem', 'dan', 'eve', 'fay']

/** Six users of one app, each with an account, checked at six moments of five minutes. Two processes. */
async function aCompany(machines = 2) {
  const clock = aClock()
  const google = memoryProvider(clock, { name: 'google-ads' })
  const watch = await aWatch({ clock, providers: [google.provider], machines })
  const connections: Connection[] = []
  for (const user of USERS)
    connections.push(...(await watch.connect(google.provider, user, google.logIn(user), [`account-${user}`])))
  for (const [index, { id }] of connections.entries())
    await watch.store.checks.reschedule(id, new Date(clock.now().getTime() + index * 50 * SECOND_MS))
  await watch.beat(300)
  return { clock, google, watch, connections }
}

function refuse(google: MemoryProvider, users: readonly string[], how: 'doubtful' | 'revoked'): void {
  for (const user of users) {
    google.of(user)[how] = true
    google.of(user).endAccess()
  }
}

async function statuses({ store }: Watch): Promise<Record<string, string>> {
  const overviews = await store.connections.overviews('T1')
  return Object.fromEntries(
    overviews.map(({ connection }) => [connection.name.slice('account-'.length), connection.health.status]),
  )
}

/** Red cards, however many connections they tell of. */
const red = (watch: Watch) => watch.slack.saying(/^🔑.* needs? authorization/)
const operator = (watch: Watch) => watch.slack.shown.filter(({ texts }) => /refuses the logins of/.test(texts[0] ?? ''))

test('when three users of an app are refused without a clear reason, the operator is told once and nobody gets a red card', async () => {
  const { google, watch } = await aCompany()
  await using _ = watch
  refuse(google, ['ana', 'cem', 'eve'], 'doubtful')
  await watch.beat(400)
  expect(red(watch)).toEqual([])
  expect(operator(watch)).toHaveLength(1)
  expect(operator(watch)[0]).toMatchObject({ connectionId: null, place: { channelId: 'C1', threadTs: null } })
  expect(operator(watch)[0]?.texts.at(-1)).toMatch(/account-ana.*account-cem.*account-eve/)
  expect(operator(watch)[0]?.blocks).not.toMatch(/"button"/)

  for (const user of USERS) google.of(user).doubtful = false
  await watch.beat(330)
  expect(red(watch)).toEqual([])
  expect(operator(watch)).toHaveLength(1)
  expect(operator(watch)[0]?.texts.at(-1)).toMatch(/All logins work again after/)
})

test('what is still refused after 15 minutes turns red, on one card with a button for each login, and the operator sees how it ended', async () => {
  const { google, watch, clock } = await aCompany()
  await using _ = watch
  refuse(google, ['ana', 'cem', 'eve'], 'doubtful')
  const since = clock.now().getTime()
  let firstRedAfter = 0
  for (let minute = 0; minute < 22; minute++) {
    await watch.beat(60)
    if (firstRedAfter === 0 && red(watch).length > 0) firstRedAfter = clock.now().getTime() - since
    if (minute === 9) google.of('eve').doubtful = false
  }
  expect(firstRedAfter).toBeGreaterThanOrEqual(15 * MINUTE_MS)
  expect(await statuses(watch)).toMatchObject({ ana: 'authorization_required', cem: 'authorization_required', eve: 'connected' })
  const [card, ...others] = red(watch)
  expect(others).toEqual([])
  expect(card?.blocks).toContain('Reauthorize ana@acme.example')
  expect(card?.blocks).toContain('Reauthorize cem@acme.example')
  expect(operator(watch)).toHaveLength(1)
  expect(operator(watch)[0]?.texts.at(-1)).toMatch(/2 connections could not be confirmed and got a red card/)
})

test('two users in doubt are their own trouble: a minute later both are red', async () => {
  const { google, watch } = await aCompany()
  await using _ = watch
  refuse(google, ['ana', 'cem'], 'doubtful')
  await watch.beat(370)
  expect(red(watch).map(({ texts }) => texts.at(-1))).toEqual([
    expect.stringMatching(/2 connections need authorization.*2 logins/),
  ])
  expect(operator(watch)).toEqual([])
})

test('a terminal code turns red at once, also in the midst of the trouble of its app', async () => {
  const { google, watch } = await aCompany()
  await using _ = watch
  refuse(google, ['ana', 'cem', 'eve'], 'doubtful')
  await watch.beat(240)
  refuse(google, ['ben'], 'revoked')
  await watch.beat(301)
  expect(await statuses(watch)).toEqual({
    ana: 'connected',
    ben: 'authorization_required',
    cem: 'connected',
    dan: 'connected',
    eve: 'connected',
    fay: 'connected',
  })
  expect(operator(watch)).toHaveLength(1)
})

test('three accounts of one user are one user', async () => {
  const clock = aClock()
  const google = memoryProvider(clock, { name: 'google-ads' })
  await using watch = await aWatch({ clock, providers: [google.provider], machines: 2 })
  await watch.connect(google.provider, 'ana', google.logIn('ana'), ['account-1', 'account-2', 'account-3', 'account-4'])
  await watch.beat(2)
  refuse(google, ['ana'], 'doubtful')
  await watch.beat(370)
  expect(operator(watch)).toEqual([])
  expect(red(watch).map(({ texts }) => texts.at(-1))).toEqual([
    expect.stringMatching(/4 connections need authorization.*One Google Ads login broke 4 connections: one reconnect fixes all/),
  ])
})

test('a wrong red card is withdrawn visibly, on every connection of the login', async () => {
  const clock = aClock()
  const google = memoryProvider(clock, { name: 'google-ads', provesLogins: true })
  await using watch = await aWatch({ clock, providers: [google.provider], machines: 2 })
  const accounts = ['account-1', 'account-2', 'account-3', 'account-4']
  await watch.connect(google.provider, 'ana', google.logIn('ana'), accounts)
  await watch.beat(2)
  refuse(google, ['ana'], 'revoked')
  await watch.beat(301)
  expect(red(watch)).toHaveLength(1)
  google.of('ana').revoked = false
  await watch.beat(16 * 60)
  expect(red(watch)).toEqual([])
  const [withdrawn, ...others] = watch.slack.saying(/^↩️ Google Ads: all 4 connections are back/)
  expect(others).toEqual([])
  expect(withdrawn?.texts.some((text) => text.includes('4 connections need authorization'))).toBe(true)
  for (const account of accounts) expect(withdrawn?.blocks).toContain(`~${account}~ \`${account}\` · withdrawn`)
  expect(withdrawn?.blocks).not.toContain('Reauthorize')
})
