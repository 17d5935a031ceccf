import { expect, test } from 'vitest'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, check, connectUrl, statusOf } from '../support/acts.ts'
import { type MemoryAds, memoryAds } from '../support/memory-ads.ts'
import { aVisitor, type Seen, type Visitor } from '../support/visitor.ts'
import { aWorld, type World } from '../support/world.ts'

const EIGHT = ['1', '2', '3', '4', '5', '6', '7', '8']

function worldOf(ads: MemoryAds): Promise<World> {
  return aWorld({ providers: ads.providers })
}

/** Posts the page of the accounts, as its form does. */
async function submit(visitor: Visitor, page: string, fields: Record<string, string | string[]>): Promise<Seen> {
  const body = new URLSearchParams()
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value)
  const sent = await visitor.visit(page, { method: 'POST', body })
  return sent.location === null ? sent : visitor.visit(sent.location)
}

/** Logs in from `add google-ads`; the page with the accounts, and its address. */
async function offered(world: World, ads: MemoryAds, user: string, visitor = aVisitor()): Promise<Seen & { url: string }> {
  let url = ''
  const watched: Visitor = {
    ...visitor,
    arrive: async (callback) => {
      url = (await visitor.visit(callback)).location ?? ''
      return visitor.visit(url)
    },
  }
  return { ...(await ads.login(await connectUrl(world, ANA, 'google-ads'), user, watched)), url }
}

async function connectAll(world: World, ads: MemoryAds, user: string, ids: string[]): Promise<void> {
  const visitor = aVisitor()
  const { url } = await offered(world, ads, user, visitor)
  expect((await submit(visitor, url, { account: ids })).text).toContain('connected')
  await world.beat(2)
  ads.reads()
}

async function connections(world: World): Promise<{ name: string; account: unknown; status: string }[]> {
  return (await world.api('/v1/connections')).body['connections'] as { name: string; account: unknown; status: string }[]
}

async function checkAll(world: World): Promise<void> {
  for (const { name } of await connections(world)) await world.api(`/v1/connections/${name}/check`, { method: 'POST' })
  await world.beat(12)
}

test('a login that reaches several accounts offers them, and connects those that are ticked with one grant', async () => {
  const ads = memoryAds({ ana: ['1', '2', '3'] })
  await using world = await worldOf(ads)
  const visitor = aVisitor()
  const page = await offered(world, ads, 'ana', visitor)
  expect(page.status).toBe(200)
  expect(page.text).toMatch(/reaches 3 accounts.*Account 1 1 Account 2 2 Account 3 3 Connect what is ticked/)
  expect(ads.reads()).toEqual([])
  expect(await connections(world)).toEqual([])

  const none = await submit(visitor, page.url, {})
  expect([none.status, none.text]).toEqual([400, expect.stringContaining('Tick at least one account')])
  // An account that the login does not reach is none.
  expect((await submit(visitor, page.url, { account: '99' })).status).toBe(400)
  const stranger = await aVisitor().visit(page.url)
  expect([stranger.status, stranger.text]).toEqual([410, expect.stringContaining('not the browser that logged in')])

  const done = await submit(visitor, page.url, { account: ['3', '1', '99'] })
  expect(done.text).toMatch(/Google Ads: 2 accounts connected.*google-ads and google-ads-2/)
  expect(ads.reads().sort()).toEqual(['1', '3'])
  expect((await connections(world)).map(({ name, status }) => [name, status])).toEqual([
    ['google-ads', 'connected'],
    ['google-ads-2', 'connected'],
  ])
  expect(await world.store.grants.all()).toHaveLength(1)
  await world.beat(3)
  const news = world.texts()
  expect(news).toHaveLength(1)
  expect(news[0]).toMatch(
    /2 accounts of Google Ads were connected by <@\w+>.*`google-ads` \(Account 1\) and `google-ads-2` \(Account 3\)/,
  )

  // Back in the browser, once more: nothing is done twice.
  expect((await submit(visitor, page.url, { account: ['2'] })).status).toBe(410)
  expect(await connections(world)).toHaveLength(2)
})

test('a login that reaches one account asks nothing', async () => {
  const ads = memoryAds({ ana: ['1'] })
  await using world = await worldOf(ads)
  const done = await ads.login(await connectUrl(world, ANA, 'google-ads'), 'ana')
  expect(done.text).toContain('Google Ads is connected')
  expect(await connections(world)).toHaveLength(1)
})

test('what nobody chose from is forgotten after half an hour, and its grant with it', async () => {
  const ads = memoryAds({ ana: ['1', '2'] })
  await using world = await worldOf(ads)
  const visitor = aVisitor()
  const { url } = await offered(world, ads, 'ana', visitor)
  const [grant] = await world.store.grants.all()
  expect(grant?.sealed).not.toContain('ana-1') // the access token
  world.turn(30 * 60_000 - 1000)
  await world.run('choices')
  expect((await visitor.visit(url)).status).toBe(200)
  world.turn(1000)
  expect((await submit(visitor, url, { account: '1' })).status).toBe(410)
  await world.run('choices')
  expect(await world.store.grants.all()).toEqual([])
  expect(await connections(world)).toEqual([])
})

test('hundreds of accounts can be searched, and what is ticked stays ticked', async () => {
  const ids = Array.from({ length: 300 }, (_, n) => String(1000 + n))
  const ads = memoryAds({ ana: ids })
  await using world = await worldOf(ads)
  const visitor = aVisitor()
  const { url, text } = await offered(world, ads, 'ana', visitor)
  expect(text).toContain('reaches 300 accounts')
  const found = await submit(visitor, url, { account: ['1007'], q: 'ACCOUNT 129', act: 'search' })
  expect(found.text).toContain('10 of 300 match')
  expect(found.text.match(/Account 1\d\d\d/g)).toEqual(['1007', ...ids.slice(290)].map((id) => `Account ${id}`))
  const many = await submit(visitor, url, { account: ids, act: 'connect' })
  expect([many.status, many.text]).toEqual([400, expect.stringContaining('more than 100 at once')])
  expect((await submit(visitor, url, { account: ids.slice(0, 60) })).text).toContain('60 accounts connected')
  expect(ads.reads()).toHaveLength(60)
  expect(await connections(world)).toHaveLength(60)
  await world.beat(2)
  expect(world.texts()).toHaveLength(1)
})

test('accounts that can not be read are named and not connected', async () => {
  const ads = memoryAds({ ana: ['1', '2', '3'] })
  await using world = await worldOf(ads)
  const visitor = aVisitor()
  const { url } = await offered(world, ads, 'ana', visitor)
  const lost = { kind: 'permission' as const, cause: 'access_lost' as const, code: 'x', explanation: 'It was cancelled.' }
  ads.refuse('2', lost)
  const none = await submit(visitor, url, { account: '2' })
  expect([none.status, none.text]).toEqual([400, expect.stringContaining('It was cancelled.')])
  const some = await submit(visitor, url, { account: ['1', '2'] })
  expect(some.text).toMatch(/1 account connected.*could not be read.*Account 2: It was cancelled\./)
  expect(await connections(world)).toMatchObject([{ name: 'google-ads' }])
})

test('further accounts are connected with the stored login, without another one', async () => {
  const ads = memoryAds({ ana: ['1', '2'], ben: ['9'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', ['1'])
  ads.users.get('ana')?.push('3')

  const visitor = aVisitor()
  const link = await connectUrl(world, BEN, 'google-ads')
  const page = await visitor.visit(link)
  expect(page.text).toMatch(/Use the login of ana@acme\.example Log in as somebody else/)
  const before = ads.lists()
  await visitor.visit(link)
  expect(ads.lists()).toBe(before) // looking asks nobody anything
  const [grant] = await world.store.grants.all()
  const { location } = await visitor.visit(link, { method: 'POST', body: new URLSearchParams({ login: grant?.id ?? '' }) })
  const choose = await visitor.visit(location ?? '')
  expect(choose.text).toMatch(/Account 2 2 Account 3 3 Account 1 1 · already connected as google-ads/)
  // The link was used up by that.
  expect((await visitor.visit(link, { method: 'POST' })).status).toBe(410)
  // An account that is connected already can't be ticked.
  expect((await submit(visitor, location ?? '', { account: '1' })).status).toBe(400)
  expect((await submit(visitor, location ?? '', { account: ['2', '3'] })).text).toContain('google-ads-2 and google-ads-3')
  expect(await world.store.grants.all()).toEqual([grant])
  const added = await world.store.connections.byName(world.slack.identity.teamId, 'google-ads-3')
  expect(added).toMatchObject({ ownerId: BEN, accountId: '3', accountVia: 'via-3', grantId: grant?.id })

  // Now there is nothing more; the link can still be used to log in as somebody else.
  const next = await connectUrl(world, BEN, 'google-ads')
  const nothing = await visitor.visit(next, { method: 'POST', body: new URLSearchParams({ login: grant?.id ?? '' }) })
  expect(nothing.text).toMatch(/Everything it reaches is connected.*reaches 3 accounts/)
  expect((await ads.login(next, 'ben', visitor)).text).toContain('Google Ads is connected')
})

test('a login that is dead or of another workspace is not offered', async () => {
  const ads = memoryAds({ ana: ['1', '2'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', ['1'])
  const link = await connectUrl(world, BEN, 'google-ads')
  const [grant] = await world.store.grants.all()
  const use = (login = '') => aVisitor().visit(link, { method: 'POST', body: new URLSearchParams({ login }) })
  expect((await use('another')).text).toContain('does not work any more')
  ads.revoke('ana')
  const dead = await use(grant?.id)
  expect([dead.status, dead.text]).toEqual([400, expect.stringContaining('The login was revoked.')])
  await check(world, 'google-ads')
  expect(await statusOf(world, 'google-ads')).toBe('authorization_required')
  expect((await aVisitor().visit(link)).text).not.toContain('Use the login')
  expect((await use(grant?.id)).status).toBe(400)
})

test('one login brings back every connection of the dead one, and closes the card that they share', async () => {
  const ads = memoryAds({ ana: EIGHT, ben: EIGHT })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', EIGHT)
  ads.revoke('ana')
  await checkAll(world)
  expect(cardsSaying(world, 'authorization')).toHaveLength(1)
  expect(world.texts().at(-1)).toMatch(/8 connections need authorization.*One Google Ads login broke 8 connections/)
  const [old] = await world.store.grants.all()
  ads.reads()

  const done = await ads.login(world.reauthorizeUrl(), 'ben')
  expect(done.text).toMatch(/Google Ads is authorized again.*All 8 connections of this login are back.*ben@acme\.example/)
  expect(ads.reads().sort()).toEqual(EIGHT)
  await world.beat(12)
  expect((await connections(world)).map(({ status }) => status)).toEqual(EIGHT.map(() => 'connected'))
  expect(world.texts().at(-1)).toMatch(/^🟢 Google Ads: all 8 connections are back\. Reauthorized by the login ben@acme.example/)
  expect(world.threadTexts()).toContainEqual(
    expect.stringContaining('All 8 connections are back with the login of ben@acme.example'),
  )
  const grants = await world.store.grants.all()
  expect(grants).toMatchObject([{ username: 'ben@acme.example' }])
  expect(grants[0]?.id).not.toBe(old?.id)
})

test('a login that reaches six of eight brings back six; the others stay red and are named, and another login brings them back', async () => {
  const ads = memoryAds({ ana: EIGHT, ben: EIGHT.slice(0, 6), eve: ['7', '8'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', EIGHT)
  ads.revoke('ana')
  await checkAll(world)
  const asked = await world.store.connections.byName(world.slack.identity.teamId, 'google-ads-7')

  // Also with the link of a card whose own account this login does not reach.
  const link = linkOf(world, asked?.id === undefined ? '' : 'Account 7')
  const some = await ads.login(link, 'ben')
  expect(some.text).toMatch(/6 of 8 connections are back.*2 are not reached by this login: google-ads-7 and google-ads-8/)
  expect(some.text).not.toContain('Account 7')
  await world.beat(12)
  const red = (await connections(world)).filter(({ status }) => status === 'authorization_required')
  expect(red.map(({ name }) => name).sort()).toEqual(['google-ads-7', 'google-ads-8'])
  expect(world.threadTexts().at(-1)).toMatch(
    /6 of 8 connections are back.*2 are not reached by it: `google-ads-7` \(Account 7\) and `google-ads-8` \(Account 8\)/,
  )
  // The dead login stays as long as a connection has it.
  expect(await world.store.grants.all()).toHaveLength(2)

  const rest = await ads.login(linkOf(world, 'Account 8'), 'eve')
  expect(rest.text).toContain('All 2 connections of this login are back')
  await world.beat(12)
  expect((await connections(world)).every(({ status }) => status === 'connected')).toBe(true)
  const users = (await world.store.grants.all()).map(({ username }) => username)
  expect(users.sort()).toEqual(['ben@acme.example', 'eve@acme.example'])
})

test('a login that reaches none of them changes nothing, and is told as the wrong account', async () => {
  const ads = memoryAds({ ana: EIGHT, max: ['51', '52', '53', '54', '55'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', EIGHT.slice(0, 5))
  ads.revoke('ana')
  await checkAll(world)
  const wrong = await ads.login(world.reauthorizeUrl(), 'max')
  expect(wrong.status).toBe(409)
  expect(wrong.text).toContain('Account 51, Account 52, Account 53 and 2 more')
  expect(wrong.text).not.toContain('Account 1')
  await world.beat(12)
  expect(world.threadTexts().at(-1)).toMatch(/Account 51, .*instead of \*Account \d, Account \d, Account \d and 2 more\*/)
  expect((await connections(world)).every(({ status }) => status === 'authorization_required')).toBe(true)
  expect(ads.reads().includes('51')).toBe(false)
})

test('a scope that was left out is named, and nothing is swapped', async () => {
  const ads = memoryAds({ ana: ['1', '2'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', ['1', '2'])
  ads.revoke('ana')
  await checkAll(world)
  const narrow = await ads.login(world.reauthorizeUrl(), 'ana-narrow')
  expect([narrow.status, narrow.text]).toEqual([400, expect.stringContaining('adwords')])
  await world.beat(3)
  expect((await connections(world)).every(({ status }) => status === 'authorization_required')).toBe(true)
})

test('an account that can not be read stays red while the others come back, and nothing is swapped when none can', async () => {
  const ads = memoryAds({ ana: ['1', '2', '3'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', ['1', '2', '3'])
  ads.revoke('ana')
  await checkAll(world)
  const down = { kind: 'transient' as const, retryAfterMs: null, code: 'down', explanation: 'Google Ads is down.' }
  for (const id of ['1', '2', '3']) ads.refuse(id, down)
  const none = await ads.login(world.reauthorizeUrl(), 'ana')
  expect([none.status, none.text]).toEqual([400, expect.stringContaining('Google Ads is down.')])
  for (const id of ['1', '3']) ads.refuse(id, null)
  const two = await ads.login(linkOf(world, 'Account 1'), 'ana')
  expect(two.text).toMatch(/2 of 3 connections are back.*1 could not be read right now: google-ads-2/)
  ads.refuse('2', null)
  expect((await ads.login(linkOf(world, 'Account 2'), 'ana')).text).toContain('Google Ads is authorized again')
  await world.beat(8)
  expect((await connections(world)).every(({ status }) => status === 'connected')).toBe(true)
  // The third login took only what was red; what works was left alone.
  expect(await world.store.grants.all()).toHaveLength(2)
})

test('`add` offers what is red as well, and brings all back when nothing is new', async () => {
  const ads = memoryAds({ ana: ['1', '2'], ben: ['1', '2', '3'] })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', ['1', '2'])
  ads.revoke('ana')
  await check(world, 'google-ads')
  const visitor = aVisitor()
  const { url, text } = await offered(world, ads, 'ben', visitor)
  expect(text).toMatch(
    /Account 1 1 · connected as google-ads, needs authorization Account 3 3 Account 2 2 · already connected as google-ads-2/,
  )
  expect((await submit(visitor, url, { account: ['1', '3'] })).text).toMatch(
    /watches google-ads-3.*google-ads is authorized again/,
  )
  await world.beat(4)
  expect(await statusOf(world, 'google-ads')).toBe('connected')

  const all = await ads.login(await connectUrl(world, ANA, 'google-ads'), 'ben')
  expect(all.text).toContain('All 3 connections of this login are back')
  expect(await world.store.grants.all()).toHaveLength(1)
})

test('whoever may not add gets no link with which accounts could be connected', async () => {
  const ads = memoryAds({ ana: ['1', '2'] })
  await using world = await aWorld({ providers: ads.providers, env: { REDKEY_ADMINS: ANA } })
  await connectAll(world, ads, 'ana', ['1'])
  const answer = await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'add google-ads'))
  expect(answer).not.toContain('/connect/')
  expect(answer).toMatch(/allowed|named|REDKEY_ADMINS/i)
})

/** The Reauthorize link of the card that names this account. */
function linkOf(world: World, account: string): string {
  const [card] = cardsSaying(world, new RegExp(`${account}\\b`)).filter((one) =>
    JSON.stringify(one.blocks).includes('/reauthorize/'),
  )
  const link = /http[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(card?.blocks))?.[0]
  if (!link) throw new Error(`no card of ${account} has a link`)
  return link
}

test('two people who log in at once for the same dead login leave every connection with one of theirs, and no other', async () => {
  const ads = memoryAds({ ana: EIGHT, ben: EIGHT, eve: EIGHT.slice(0, 5) })
  await using world = await worldOf(ads)
  await connectAll(world, ads, 'ana', EIGHT)
  ads.revoke('ana')
  await checkAll(world)
  const link = world.reauthorizeUrl()
  const ends = await Promise.all([ads.login(link, 'ben'), ads.login(link, 'eve'), ads.login(link, 'ben')])
  for (const { text } of ends) expect(text).toMatch(/authorized again|connections are back/)
  await world.beat(12)
  expect((await connections(world)).every(({ status }) => status === 'connected')).toBe(true)
  const overviews = await world.store.connections.overviews(world.slack.identity.teamId)
  const used = new Set(overviews.map(({ connection }) => connection.grantId))
  expect(new Set((await world.store.grants.all()).map(({ id }) => id))).toEqual(used)
  expect(world.texts().at(-1)).toMatch(/^🟢 Google Ads: all 8 connections are back\./)
})
