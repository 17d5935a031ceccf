import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/clock.ts'
import type { InvitationPage } from '../../../src/domain/access/begin-invited.ts'
import { type SignInAnswer, type SignInDeparture, WHY_NOT_IDENTIFIED } from '../../../src/domain/access/identify.ts'
import { aConnection, aWeb, START, URL_OF_REDKEY } from './a-web.ts'

const STATE = 'S0_-abcdefghijklmnopqrstuvwxyz0123456789abc'
const KEY = STATE.slice(0, 16)
const TO_SLACK: SignInDeparture = {
  kind: 'sign_in',
  url: `https://slack.com/openid/connect/authorize?state=${STATE}`,
  state: STATE,
  cookie: 'sealed.sign-in',
  cookieMaxAgeMs: 10 * MINUTE_MS,
}
const SAME_SITE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

describe('before a link leads on', () => {
  test.each([
    ['GET /reauthorize', 'GET' as const, '/reauthorize/t', { beginReauthorize: async () => TO_SLACK }],
    ['GET /connect', 'GET' as const, '/connect/t', { readConnectLink: async () => TO_SLACK }],
    ['POST /connect', 'POST' as const, '/connect/t', { beginConnect: async () => TO_SLACK }],
  ])('%s goes to Slack, with a cookie of this browser', async (_what, method, url, actions) => {
    const answer = await aWeb({ actions }).fastify.inject({ method, url, headers: method === 'POST' ? SAME_SITE : {} })
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, TO_SLACK.url])
    expect(answer.headers['set-cookie']).toBe(
      `__Host-redkey-sign-in.${KEY}=sealed.sign-in; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    expect([answer.headers['referrer-policy'], answer.headers['cache-control']]).toEqual(['no-referrer', 'no-store'])
  })

  test('the domain is given what the browser has proved, and nothing of other cookies', async () => {
    const visits: unknown[] = []
    const web = aWeb({
      actions: {
        beginReauthorize: async (visit) => {
          visits.push(visit)
          return TO_SLACK
        },
      },
    })
    const cookie = '__Host-redkey-who.slack=proved; redkey-who.slack=planted; __Host-redkey-who.other=no'
    await web.fastify.inject({ url: '/reauthorize/t', headers: { cookie } })
    await web.fastify.inject({ url: '/reauthorize/t', headers: { cookie: 'redkey-who.slack=planted' } })
    expect(visits).toEqual([
      { ticket: 't', identity: 'proved' },
      { ticket: 't', identity: null },
    ])
  })

  test.each(WHY_NOT_IDENTIFIED)('a refusal says why and what to do: %s', async (why) => {
    const web = aWeb({ actions: { beginReauthorize: async () => ({ kind: 'not_identified', why }) } })
    const answer = await web.fastify.inject('/reauthorize/t')
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.body).toMatch(/<h1>[A-Z][^<]{10,}<\/h1>/)
    expect(answer.body).toMatch(/Ask |[Oo]pen the link|Log in to that one|Press the button|has to mend that/)
    expect(answer.headers['set-cookie']).toMatch(/^__Host-redkey-who\.slack=; Max-Age=0/) // the next try asks Slack anew
    expect(answer.body).not.toContain('<script')
  })
})

describe('/identity/slack/callback', () => {
  async function comeBack(outcome: unknown, query = `state=${STATE}&code=secret-code`) {
    const answers: SignInAnswer[] = []
    const web = aWeb({
      actions: {
        completeSignIn: async (answer) => {
          answers.push(answer)
          if (outcome instanceof Error) throw outcome
          return outcome as never
        },
      },
    })
    const headers = { cookie: `__Host-redkey-sign-in.${KEY}=flow` }
    const answer = await web.fastify.inject({ url: `/identity/slack/callback?${query}`, headers })
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    const location = String(answer.headers['location'])
    const kept = cookies.filter((one) => !one.includes('Max-Age=0')).map((one) => one.split(';')[0])
    const page = await web.fastify.inject({ url: location.slice(URL_OF_REDKEY.length), headers: { cookie: kept.join('; ') } })
    return { answers, answer, cookies, location, page, logged: web.logged.lines.join('\n') }
  }

  test('leads back to the link, and keeps the proof in a cookie of this browser for a short while', async () => {
    const identified = { kind: 'identified', path: 'reauthorize', ticket: 't.t.t', identity: 'sealed.who', maxAgeMs: 600_000 }
    const { answers, answer, cookies, location } = await comeBack(identified)
    expect(answers).toEqual([{ state: STATE, code: 'secret-code', error: null, cookie: 'flow' }])
    expect([answer.statusCode, location]).toEqual([303, `${URL_OF_REDKEY}/reauthorize/t.t.t`])
    expect(cookies).toEqual([
      expect.stringMatching(new RegExp(`^__Host-redkey-sign-in\\.${KEY}=; Max-Age=0`)),
      '__Host-redkey-who.slack=sealed.who; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax',
    ])
    expect([answer.headers['referrer-policy'], answer.headers['cache-control']]).toEqual(['no-referrer', 'no-store'])
  })

  test('tells a refusal at an address that holds nothing of it', async () => {
    const { location, page, logged } = await comeBack({ kind: 'not_identified', why: 'guest' })
    expect(location).toMatch(new RegExp(`^${URL_OF_REDKEY}/done/id-\\d$`))
    expect([page.statusCode, page.body]).toEqual([403, expect.stringContaining('Guests can&#39;t use this link')])
    expect(logged).toBe('')
  })

  test('our own trouble has a reference that the log has, and the log has no code', async () => {
    const { location, page, logged } = await comeBack(new Error('SQLITE_BUSY'))
    expect(location).toMatch(/\/done\/id-\d$/)
    expect([page.statusCode, page.body]).toEqual([500, expect.stringMatching(/<code>id-\d<\/code>/)])
    expect(logged).toContain('SQLITE_BUSY')
    expect(logged).not.toMatch(/secret-code|S0_-abc/)
  })

  test.each([
    ['', { state: null, code: null, error: null, cookie: null }],
    [`state=${STATE}&state=${STATE}&code=a`, { state: null, code: 'a', error: null, cookie: null }],
    [`state=short&error=access_denied`, { state: 'short', code: null, error: 'access_denied', cookie: null }],
    [`state=${STATE.toLowerCase()}&code=a`, { state: STATE.toLowerCase(), code: 'a', error: null, cookie: null }],
  ])('takes no state for another: ?%s', async (query, expected) => {
    const { answers } = await comeBack({ kind: 'not_identified', why: 'not_this_browser' }, query)
    expect(answers).toEqual([expected])
  })
})

describe('/invite/{ticket}', () => {
  const ask: InvitationPage = {
    kind: 'ask',
    invitedByName: 'Maria <b>"O\'Neil"</b> \u202eevil',
    company: 'Acme <i>& Söhne</i>',
    connection: aConnection({ accountName: '<script>alert(1)</script>', environment: 'sandbox' }),
    providerLabel: 'Salesforce',
    expiresAt: START,
  }

  test('says who asks, for which account, and until when, and goes on by a form only', async () => {
    const answer = await aWeb({ actions: { readInvitation: async () => ask } }).fastify.inject('/invite/t')
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect(answer.body).toContain('<bdi>Maria &lt;b&gt;&quot;O&#39;Neil&quot;&lt;/b&gt; evil</bdi>')
    expect(answer.body).toContain('Acme &lt;i&gt;&amp; Söhne&lt;/i&gt;')
    expect(answer.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;</bdi> (sandbox)')
    expect(answer.body).toContain('20 Nov 2026, 10:00 UTC')
    expect(answer.body).toContain('<form method="post"><button class="button">Continue to Salesforce</button></form>')
    expect(answer.body).not.toMatch(/<script|\u202e|<b>|<i>/)
    expect(answer.headers['content-security-policy']).toContain("form-action 'self' https:")
  })

  test.each([
    [{ kind: 'invitation_over' as const, how: 'used' as const }, 410, 'This invitation is over'],
    [{ kind: 'invitation_over' as const, how: 'over' as const }, 410, 'This invitation is over'],
    [{ kind: 'invitation_over' as const, how: 'withdrawn' as const }, 410, 'This invitation is over'],
    [{ kind: 'expired' as const }, 410, 'This invitation has expired'],
    [{ kind: 'forged' as const }, 400, 'This link doesn&#39;t work'],
    [{ kind: 'gone' as const }, 410, 'This invitation is over'],
    [{ kind: 'not_configured' as const, provider: '<b>evil' }, 503, 'the provider is not set up in Redkey'],
  ])('one that can start nothing says why, opened or pressed: %j', async (why, status, title) => {
    const web = aWeb({ actions: { readInvitation: async () => why, beginInvited: async () => why } })
    for (const method of ['GET', 'POST'] as const) {
      const answer = await web.fastify.inject({ method, url: '/invite/t', headers: SAME_SITE })
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([status, undefined])
      expect(answer.body).toContain(`<h1>${title}</h1>`)
    }
  })
})
