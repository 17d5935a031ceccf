import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../../src/clock.ts'
import type { ChoiceRead, Chosen, OfferedAccount } from '../../../src/domain/access/choose-accounts.ts'
import { aConnection, aWeb, START, URL_OF_REDKEY } from './a-web.ts'

const FORM = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

function offered(id: string, over: Partial<OfferedAccount> = {}): OfferedAccount {
  return { account: { id, via: null, name: `Shop ${id}`, environment: 'production' }, connection: null, isFree: true, ...over }
}

function aChoice(...accounts: OfferedAccount[]): ChoiceRead {
  return { kind: 'choose', provider: 'salesforce', username: 'ana <b>@acme.com', accounts }
}

/** Comes back from a login that reaches several accounts. Answers the page's address, and how to go on with its cookie. */
async function chooseAmong(choice: ChoiceRead | { kind: 'choice_gone' }, settle: Chosen = { kind: 'none_chosen' }) {
  const asked: string[] = []
  const sent: (readonly string[])[] = []
  const web = aWeb({
    actions: {
      completeLogin: async () => ({ kind: 'choose', choiceId: 'secret-choice', expiresAt: later(START, 30 * MINUTE_MS) }),
      readChoice: async (id) => {
        asked.push(id)
        return choice
      },
      connectChosen: async (_id, accounts) => {
        sent.push(accounts)
        return settle
      },
    },
  })
  const answer = await web.fastify.inject(`/oauth/callback/salesforce?state=${'s'.repeat(43)}&code=c`)
  const location = String(answer.headers['location'])
  const path = location.slice(URL_OF_REDKEY.length)
  const set = [answer.headers['set-cookie']].flat().find((one) => one?.includes('choose')) ?? ''
  const headers = { ...FORM, cookie: set.split(';')[0] ?? '' }
  const get = () => web.fastify.inject({ url: path, headers })
  const post = (payload: string, more = {}) =>
    web.fastify.inject({ method: 'POST', url: path, headers: { ...headers, ...more }, payload })
  return { web, answer, path, set, get, post, asked, sent }
}

describe('/choose/{id}', () => {
  test('is where a login with several accounts leads; what it is stays in a sealed cookie', async () => {
    const { answer, path, set, get, asked } = await chooseAmong(aChoice(offered('1'), offered('2')))
    expect([answer.statusCode, answer.headers['cache-control'], answer.headers['referrer-policy']]).toEqual([
      303,
      'no-store',
      'no-referrer',
    ])
    expect(path).toMatch(/^\/choose\/[\w-]+$/)
    expect(set).toMatch(/^__Host-redkey-choose\.[\w-]+=[\w.-]+; Max-Age=1800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(`${path}${set}`).not.toContain('secret-choice')
    const page = await get()
    expect(page.statusCode).toBe(200)
    expect(asked).toEqual(['secret-choice'])
    expect(page.body).toContain('<bdi>ana &lt;b&gt;@acme.com</bdi>')
    expect(page.headers['content-security-policy']).toContain("form-action 'self'")
    expect(page.body).not.toMatch(/<script|\son\w+=/)
    expect(page.body).not.toContain(' checked>')
    expect(page.body).not.toContain('type="search"')
  })

  test('is nothing without the cookie, with a forged one, and after half an hour', async () => {
    const { web, path, get, asked } = await chooseAmong(aChoice(offered('1'), offered('2')))
    for (const cookie of ['', `__Host-redkey-choose.${path.slice(8)}=forged`]) {
      expect((await web.fastify.inject({ url: path, headers: { cookie } })).statusCode).toBe(410)
    }
    web.pass(30 * MINUTE_MS)
    expect((await get()).statusCode).toBe(410)
    expect(asked).toEqual([])
  })

  test('connects what is ticked and tells so at an address of its own', async () => {
    const settled = {
      kind: 'connected_several' as const,
      added: [aConnection(), aConnection({ name: 'salesforce-2' })],
      back: [],
      unread: [],
      username: 'ana',
      channelLink: 'https://acme.slack.com/archives/C1',
    }
    const { web, post, sent } = await chooseAmong(aChoice(offered('1'), offered('2')), settled)
    const answer = await post('account=1&account=2')
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, expect.stringMatching(/\/done\/[\w-]+$/)])
    expect(sent).toEqual([['1', '2']])
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    const done = await web.fastify.inject({
      url: String(answer.headers['location']).slice(URL_OF_REDKEY.length),
      headers: { cookie },
    })
    expect(done.body).toContain('<h1>Salesforce: 2 accounts connected</h1>')
    expect(done.body).toContain('salesforce and salesforce-2')
    expect(done.body).toContain('href="https://acme.slack.com/archives/C1"')
  })

  test.each<[Chosen, string]>([
    [{ kind: 'none_chosen' }, 'Tick at least one'],
    [{ kind: 'too_many_chosen' }, 'more than 100 at once'],
    [{ kind: 'none_read', explanation: 'It <is> closed.' }, 'It &lt;is&gt; closed.'],
    [{ kind: 'busy' }, 'try once more'],
  ])('says on the page what is wrong, and keeps the ticks: %j', async (chosen, words) => {
    const { post } = await chooseAmong(aChoice(offered('1'), offered('2')), chosen)
    const page = await post('account=2')
    expect(page.statusCode).toBe(400)
    expect(page.body).toMatch(new RegExp(`role="alert">[^]*${words}`))
    expect(page.body.match(/<input[^>]*>/g)).toEqual([
      '<input type="checkbox" name="account" value="1">',
      '<input type="checkbox" name="account" value="2" checked>',
    ])
  })

  test('takes no form of another site, and nothing that is no form', async () => {
    const { post, sent } = await chooseAmong(aChoice(offered('1')))
    expect((await post('account=1', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect(sent).toEqual([])
    expect((await post('')).statusCode).toBe(400)
    expect((await post(`q=${'x'.repeat(300 * 1024)}`)).statusCode).toBeGreaterThanOrEqual(400)
    expect(sent).toEqual([[]])
  })

  test('ticks what is obvious: the only one that is left, and what this login brings back', async () => {
    const taken = offered('1', { connection: aConnection({ name: 'first' }), isFree: false })
    const red = offered('3', { connection: aConnection({ name: 'third' }) })
    const only = await (await chooseAmong(aChoice(taken, offered('2')))).get()
    expect(only.body.match(/value="(\w)" checked/g)).toEqual(['value="2" checked'])
    const back = await (await chooseAmong(aChoice(taken, offered('2'), red))).get()
    expect(back.body.match(/value="(\w)" checked/g)).toEqual(['value="3" checked'])
    expect(back.body).toContain('already connected as first')
    expect(back.body).toContain('connected as third, needs authorization')
  })

  test('searches by name, number and connection, and shows what is ticked whatever was found', async () => {
    const many = Array.from({ length: 40 }, (_, n) => offered(`123-456-${1000 + n}`))
    const named = offered('9', { account: { id: '9', via: null, name: '<i>Äpfel</i>', environment: 'sandbox' } })
    const taken = offered('8', { connection: aConnection({ name: 'google-ads-7' }), isFree: false })
    const { post, sent } = await chooseAmong(aChoice(...many, named, taken))
    const search = async (q: string, ticked = '') => {
      const { body } = await post(`q=${encodeURIComponent(q)}&act=search${ticked}`)
      expect(body).toContain(`name="q" value="${q.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`)
      return [...body.matchAll(/<small><bdi>([^<]*)/g)].map(([, id]) => id)
    }
    expect(await search('1234561007')).toEqual(['123-456-1007'])
    expect(await search('456-1007', '&account=123-456-1001')).toEqual(['123-456-1001', '123-456-1007'])
    expect(await search('äPFEL')).toEqual(['9'])
    expect(await search('<i>')).toEqual(['9'])
    expect(await search('ads-7')).toEqual(['8'])
    expect(await search('nothing')).toEqual([])
    expect(await search('')).toHaveLength(42)
    expect(sent).toEqual([])
  })
})

test('the page of `add` offers the logins that are stored, and a new one', async () => {
  const used: string[] = []
  const logins = [{ id: 'grant-1', username: 'ana@acme.com' }]
  const web = aWeb({
    actions: {
      readConnectLink: async () => ({ kind: 'ask', userName: 'Ana', providerLabel: 'Google Ads', confirms: true, logins }),
      offerFurther: async (_ticket, grantId) => {
        used.push(grantId)
        return { kind: 'nothing_more', username: 'ana@acme.com', connected: 3 }
      },
    },
  })
  const page = await web.fastify.inject('/connect/t')
  expect(page.body).toContain('name="login" value="grant-1">Use the login of <bdi>ana@acme.com</bdi>')
  expect(page.body).toContain('Log in as somebody else')
  const none = await web.fastify.inject({ method: 'POST', url: '/connect/t', headers: FORM, payload: 'login=grant-1' })
  expect(used).toEqual(['grant-1'])
  expect(none.body).toContain('reaches 3 accounts')
  expect(none.body).toContain('<form method="post"><button class="button">Log in as somebody else</button></form>')
})
