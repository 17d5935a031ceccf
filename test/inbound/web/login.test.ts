import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../../src/clock.ts'
import type { Callback } from '../../../src/domain/access/complete-login.ts'
import type { Completion } from '../../../src/domain/access/completion.ts'
import type { Departure } from '../../../src/domain/access/departure.ts'
import { aConnection, anOutage, aWeb, START, URL_OF_REDKEY } from './a-web.ts'

const STATE = 'S0_-abcdefghijklmnopqrstuvwxyz0123456789abc'
const KEY = STATE.slice(0, 16)
const DEPARTURE: Departure = {
  kind: 'redirect',
  url: `https://login.salesforce.com/services/oauth2/authorize?state=${STATE}`,
  state: STATE,
  cookie: 'sealed.flow',
  cookieMaxAgeMs: 10 * MINUTE_MS,
}
const SAME_SITE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

describe('/reauthorize/{ticket}', () => {
  test('goes to the provider with one redirect, and leaves this login in a cookie of this browser', async () => {
    const tickets: string[] = []
    const web = aWeb({
      actions: {
        beginReauthorize: async ({ ticket }) => {
          tickets.push(ticket)
          return DEPARTURE
        },
      },
    })
    const ticket = `eyJ.${'x'.repeat(900)}.sig`
    const answer = await web.fastify.inject(`/reauthorize/${ticket}`)
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, DEPARTURE.url])
    expect(tickets).toEqual([ticket])
    expect(answer.headers['set-cookie']).toBe(
      `__Host-redkey-${KEY}=sealed.flow; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('on http the cookie has neither the prefix nor Secure, since the browser would drop it', async () => {
    const web = aWeb({ actions: { beginReauthorize: async () => DEPARTURE }, config: { url: 'http://localhost:3000' } })
    const answer = await web.fastify.inject('/reauthorize/t')
    expect(answer.headers['set-cookie']).toBe(`redkey-${KEY}=sealed.flow; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`)
    expect(answer.headers['strict-transport-security']).toBeUndefined()
  })

  test('the oldest of many logins that were begun and left is forgotten', async () => {
    const web = aWeb({ actions: { beginReauthorize: async () => DEPARTURE } })
    const old = ['a', 'b', 'c', 'd', 'e'].map((letter) => `__Host-redkey-${letter.repeat(16)}=x`)
    const headers = { cookie: [...old, '__Host-redkey-done.r1=x', 'other=1'].join('; ') }
    const set = (await web.fastify.inject({ url: '/reauthorize/t', headers })).headers['set-cookie'] as string[]
    expect(set.map((cookie) => cookie.split('=')[0])).toEqual([
      `__Host-redkey-${'a'.repeat(16)}`,
      `__Host-redkey-${'b'.repeat(16)}`,
      `__Host-redkey-${KEY}`,
    ])
    expect(set[0]).toContain('Max-Age=0')
    expect(set[0]).toContain('Secure')
  })

  test('says who did it when it is done already, and starts nothing', async () => {
    const outage = anOutage({
      closedAt: later(START, -12 * MINUTE_MS),
      closedHow: 'reauthorized',
      closedByUsername: 'maria@acme.com',
    })
    const web = aWeb({
      actions: { beginReauthorize: async () => ({ kind: 'already_authorized', connection: aConnection(), outage }) },
    })
    const answer = await web.fastify.inject('/reauthorize/t')
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect(answer.body).toContain('<strong><bdi>maria@acme.com</bdi></strong> logged in <time')
    expect(answer.body).toContain('12 min ago')
  })

  test('says of a Renew link that somebody has renewed the login', async () => {
    const web = aWeb({
      actions: { beginReauthorize: async () => ({ kind: 'already_authorized', connection: aConnection(), outage: null }) },
    })
    const answer = await web.fastify.inject('/reauthorize/t')
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect(answer.body).toContain('Somebody has logged in since')
  })

  test('does not say that somebody logged in when nobody did', async () => {
    const outage = anOutage({ closedAt: START, closedHow: 'withdrawn' })
    const web = aWeb({
      actions: { beginReauthorize: async () => ({ kind: 'already_authorized', connection: aConnection(), outage }) },
    })
    const { body } = await web.fastify.inject('/reauthorize/t')
    expect(body).toContain('without a new login')
    expect(body).not.toContain('logged in')
  })

  test.each([
    [{ kind: 'expired' as const }, 410, 'This link has expired'],
    [{ kind: 'forged' as const }, 400, 'This link doesn&#39;t work'],
    [{ kind: 'gone' as const }, 410, 'This connection was removed'],
    [{ kind: 'not_configured' as const, provider: 'salesforce' }, 503, 'Salesforce is not set up in Redkey'],
    [{ kind: 'not_configured' as const, provider: '<b>evil' }, 503, 'the provider is not set up in Redkey'],
  ])('a link that can start nothing says why: %j', async (why, status, title) => {
    const answer = await aWeb({ actions: { beginReauthorize: async () => why } }).fastify.inject('/reauthorize/t')
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([status, undefined])
    expect(answer.body).toContain(`<h1>${title}</h1>`)
  })
})

describe('/connect/{ticket}', () => {
  const ask = {
    kind: 'ask' as const,
    userName: 'Maria <b>"O\'Neil"</b> \u202eevil',
    providerLabel: 'Salesforce',
    confirms: false,
    logins: [],
  }

  test('says who asked and for what, and goes on by a form only', async () => {
    const web = aWeb({ actions: { readConnectLink: async () => ask } })
    const answer = await web.fastify.inject('/connect/t')
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect(answer.body).toContain('<bdi>Maria &lt;b&gt;&quot;O&#39;Neil&quot;&lt;/b&gt; evil</bdi>')
    expect(answer.body).toContain('<form method="post"><button class="button">Continue to Salesforce</button></form>')
    expect(answer.body).toContain('until somebody who may change settings has confirmed it')
    expect(answer.body).not.toMatch(/<script|\u202e|<b>/)
  })

  test('the form uses up the link and goes to the provider', async () => {
    const web = aWeb({ actions: { beginConnect: async () => DEPARTURE } })
    const answer = await web.fastify.inject({ method: 'POST', url: '/connect/t', headers: SAME_SITE })
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, DEPARTURE.url])
    expect(answer.headers['set-cookie']).toContain(`__Host-redkey-${KEY}=sealed.flow`)
  })

  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: URL_OF_REDKEY }, 403],
    [{ origin: URL_OF_REDKEY }, 303],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'https://redkey.acme.com.evil.example' }, 403],
    [{ origin: 'http://redkey.acme.com' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 303],
  ])('a form from elsewhere is refused before anything is used up: %j', async (headers, status) => {
    let used = 0
    const web = aWeb({
      actions: {
        beginConnect: async () => {
          used++
          return DEPARTURE
        },
      },
    })
    const answer = await web.fastify.inject({ method: 'POST', url: '/connect/t', headers })
    expect([answer.statusCode, used]).toEqual([status, status === 303 ? 1 : 0])
  })

  test.each([
    [{ kind: 'already_used' as const }, 410, 'This link was already used'],
    [{ kind: 'expired' as const }, 410, 'This link has expired'],
  ])('the form of a link that is over says so: %j', async (why, status, title) => {
    const web = aWeb({ actions: { beginConnect: async () => why }, config: { command: '/links' } })
    const answer = await web.fastify.inject({ method: 'POST', url: '/connect/t', headers: SAME_SITE })
    expect(answer.statusCode).toBe(status)
    expect(answer.body).toContain(`<h1>${title}</h1>`)
    expect(answer.body).toContain('<code>/links add</code>')
  })
})

test('link scanners that ask with HEAD begin nothing, read nothing and end nothing', async () => {
  const web = aWeb() // every call of the domain would be a 500
  for (const url of ['/connect/t', '/reauthorize/t', '/invite/t']) {
    const answer = await web.fastify.inject({ method: 'HEAD', url })
    expect([answer.statusCode, answer.headers['set-cookie'], answer.body]).toEqual([200, undefined, ''])
  }
  const callback = await web.fastify.inject({ method: 'HEAD', url: `/oauth/callback/salesforce?state=${STATE}&code=c` })
  expect(callback.statusCode).toBe(405)
  expect(web.logged.lines).toEqual([])
})

describe('/oauth/callback/{provider}', () => {
  const connection = aConnection({ accountName: 'Acme & Söhne' })
  const catchUp = {
    id: 'k1',
    connectionId: 'c1',
    outageId: 'o1',
    upToKey: 1284,
    expected: 1284,
    pushed: 0,
    superseded: 2,
    rejected: 0,
    startedAt: START,
    finishedAt: null,
  }
  const cardLink = 'https://acme.slack.com/archives/C1/p1'

  /** A callback, and the page that the browser sees after the redirect. */
  async function comeBack(
    completion: Completion | Error,
    query = `state=${STATE}&code=secret-code`,
    cookie = `__Host-redkey-${KEY}=flow`,
  ) {
    const callbacks: Callback[] = []
    const web = aWeb({
      actions: {
        completeLogin: async (callback) => {
          callbacks.push(callback)
          if (completion instanceof Error) throw completion
          return completion
        },
      },
    })
    const answer = await web.fastify.inject({ url: `/oauth/callback/salesforce?${query}`, headers: { cookie } })
    const location = String(answer.headers['location'])
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    const kept = cookies.filter((one) => !one.includes('Max-Age=0')).map((one) => one.split(';')[0])
    const done = () => web.fastify.inject({ url: location.slice(URL_OF_REDKEY.length), headers: { cookie: kept.join('; ') } })
    return { web, answer, location, cookies, callbacks, done, page: await done() }
  }

  test('hands over what came, and leads away to an address that holds nothing of it', async () => {
    const { answer, location, cookies, callbacks, page, web } = await comeBack({ kind: 'cancelled' })
    expect(callbacks).toEqual([
      { provider: 'salesforce', state: STATE, code: 'secret-code', error: null, errorDescription: null, cookie: 'flow' },
    ])
    expect([answer.statusCode, location]).toEqual([303, `${URL_OF_REDKEY}/done/id-1`])
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(cookies).toEqual([
      `__Host-redkey-${KEY}=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax`,
      expect.stringMatching(/^__Host-redkey-done\.id-1=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ])
    expect(page.body).toContain('<h1>The login was cancelled</h1>')
    expect(web.logged.lines).toEqual([])
  })

  test.each([
    ['', { state: null, code: null, error: null, errorDescription: null, cookie: null }],
    [
      `state=${STATE}&state=${STATE}&code=a&code=b`,
      { state: null, code: null, error: null, errorDescription: null, cookie: null },
    ],
    [
      `state=short&error=access_denied`,
      { state: 'short', code: null, error: 'access_denied', errorDescription: null, cookie: null },
    ],
    [
      `state=short&error_code=1349220&error_message=Feature+unavailable`,
      { state: 'short', code: null, error: '1349220', errorDescription: 'Feature unavailable', cookie: null },
    ],
    [`state=${'x'.repeat(5000)}&code=`, { state: null, code: null, error: null, errorDescription: null, cookie: null }],
    [`state[]=a&code[$ne]=b`, { state: null, code: null, error: null, errorDescription: null, cookie: null }],
  ])('takes nothing for granted: %s', async (query, expected) => {
    const { callbacks, page } = await comeBack({ kind: 'not_this_browser' }, query)
    expect(callbacks).toEqual([{ provider: 'salesforce', ...expected }])
    expect(page.statusCode).toBe(403)
  })

  test('after a reauthorization tells what is pushed now and leads back to the card', async () => {
    const { page } = await comeBack({
      kind: 'reauthorized',
      connection,
      username: 'maria@acme.com',
      catchUp,
      isHeld: false,
      isKnown: false,
      cardLink,
    })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('<h1>Salesforce is authorized again</h1>')
    expect(page.body).toContain('<strong>1,282 missed touchpoints</strong> are being pushed now')
    expect(page.body).toContain('<bdi>Acme &amp; Söhne</bdi>')
    expect(page.body).toContain('You can go back to Slack')
    expect(page.body).toContain(`href="${cardLink}"`)
  })

  test('promises nothing for ad platforms, when nothing waited, and before a CRM is confirmed', async () => {
    const base = { kind: 'reauthorized' as const, username: 'm', isHeld: false, isKnown: false, cardLink: null }
    const none = await comeBack({ ...base, connection, catchUp: null })
    expect(none.page.body).toContain('nothing was missed')
    expect(none.page.body).toContain('You can close this page and go back to Slack')
    const unconfirmed = await comeBack({ ...base, connection: aConnection({ confirmedAt: null }), catchUp })
    expect(unconfirmed.page.body).toContain('wait until somebody who may change settings')
    expect(unconfirmed.page.body).not.toContain('being pushed')
    const held = await comeBack({ ...base, isHeld: true, connection, catchUp })
    expect(held.page.body).toContain('the card in Slack says for what')
    expect(held.page.body).not.toContain('being pushed')
    const ads = await comeBack({ ...base, connection: aConnection({ kind: 'ads' }), catchUp: null })
    expect(ads.page.body).not.toContain('touchpoint')
  })

  test.each([
    [aConnection(), 'New touchpoints are pushed to it'],
    [aConnection({ confirmedAt: null }), 'Nothing is pushed to it yet'],
  ])('a new connection tells whether it is in use', async (added, text) => {
    const channelLink = 'https://acme.slack.com/archives/C1'
    const { page } = await comeBack({ kind: 'connected', connection: added, username: 'm', channelLink })
    expect(page.body).toContain('<h1>Salesforce is connected</h1>')
    expect(page.body).toContain(`href="${channelLink}"`)
    expect(page.body).toContain(text)
  })

  test.each<[Completion, number, string]>([
    [{ kind: 'not_this_browser' }, 403, 'another browser'],
    [{ kind: 'login_expired' }, 410, 'within 10 minutes'],
    [{ kind: 'already_used' }, 410, 'already done'],
    [{ kind: 'cancelled' }, 400, 'cancelled'],
    [{ kind: 'wrong_account', came: 'Other <Org>', username: 'u' }, 409, 'Other &lt;Org&gt;'],
    [{ kind: 'scope_missing', missing: ['api', 'refresh_token'] }, 400, '<code><bdi>refresh_token</bdi></code>'],
    [{ kind: 'refused', explanation: 'IP range.', again: false }, 400, 'IP range.'],
    [{ kind: 'refused', explanation: 'Busy.', again: true }, 400, 'in a minute or two'],
    [{ kind: 'gone' }, 410, 'was removed'],
  ])('tells how it ended otherwise: %j', async (completion, status, text) => {
    const { page } = await comeBack(completion)
    expect(page.statusCode).toBe(status)
    expect(page.body).toContain(text)
  })

  test('a link that is none of the web is not offered', async () => {
    const { page } = await comeBack({ kind: 'connected', connection, username: 'm', channelLink: 'javascript:alert(1)' })
    expect(page.body).not.toContain('javascript:')
  })

  test('leads away from the code also when something of ours breaks', async () => {
    const { answer, page, web } = await comeBack(new Error('boom'))
    expect(answer.statusCode).toBe(303)
    expect([page.statusCode, page.body]).toEqual([500, expect.stringContaining('<code>id-1</code>')])
    expect(web.logged.lines).toEqual([expect.stringContaining('"route":"/oauth/callback/:provider"')])
    expect(web.logged.lines.join()).not.toMatch(/secret-code|S0_-/)
  })

  test('the result is there for ten minutes, and for no other browser', async () => {
    const { web, done, location, cookies } = await comeBack({ kind: 'cancelled' })
    const path = location.slice(URL_OF_REDKEY.length)
    const elsewhere = await web.fastify.inject(path)
    expect([elsewhere.statusCode, elsewhere.body]).toEqual([410, expect.stringContaining('Nothing more to see here')])
    const [cookie = ''] = (cookies[1] ?? '').split(';')
    const forged = `${cookie.slice(0, -3)}AAA`
    expect((await web.fastify.inject({ url: path, headers: { cookie: forged } })).statusCode).toBe(410)
    expect((await done()).statusCode).toBe(400)
    web.pass(10 * MINUTE_MS)
    expect((await done()).statusCode).toBe(410)
  })
})

test('every page forbids everything but its own style, framing and being kept', async () => {
  const web = aWeb({
    actions: {
      beginReauthorize: async () => ({ kind: 'expired' }),
      readConnectLink: async () => ({ kind: 'ask', userName: 'M', providerLabel: 'Salesforce', confirms: true, logins: [] }),
    },
  })
  for (const url of ['/', '/reauthorize/t', '/connect/t', '/done/x', '/nope']) {
    const { headers, body } = await web.fastify.inject({ url, headers: { accept: 'text/html' } })
    const policy = String(headers['content-security-policy'])
    expect(policy, url).toMatch(
      /^default-src 'none';style-src 'sha256-[\w+/]+=*';base-uri 'none';form-action .*;frame-ancestors 'none'$/,
    )
    expect(policy.includes("form-action 'none'"), url).toBe(url !== '/connect/t')
    expect(headers, url).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'strict-transport-security': 'max-age=15552000',
      'referrer-policy': url === '/connect/t' ? 'same-origin' : 'no-referrer',
    })
    expect(body, url).not.toMatch(/<script|\son\w+=|style="|src=/)
  }
})
