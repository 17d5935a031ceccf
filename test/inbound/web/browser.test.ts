import { existsSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/clock.ts'
import type { Callback } from '../../../src/domain/access/complete-login.ts'
import type { Departure } from '../../../src/domain/access/departure.ts'
import type { WebServer } from '../../../src/inbound/web/server.ts'
import { aConnection, aWeb } from './a-web.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]
const STATE = 'S'.repeat(43)

/**
 * Redkey on localhost, and a provider that sends people on through another origin, as those with single sign-on do. For a browser
 * `localhost` and `127.0.0.1` are different sites.
 */
describe.skipIf(CHROMIUM === undefined)('in Chromium (skipped where there is none)', () => {
  let browser: Browser
  let redkey: WebServer
  let provider: Server
  let url: string
  const callbacks: Callback[] = []
  const referrers: (string | undefined)[] = []

  beforeAll(async () => {
    const port = await freePort()
    url = `http://localhost:${port}`
    provider = createServer(signOn(url, referrers))
    const providerPort = await listen(provider)
    const departure: Departure = {
      kind: 'redirect',
      url: `http://127.0.0.1:${providerPort}/authorize?state=${STATE}`,
      state: STATE,
      cookie: 'flow-of-this-browser',
      cookieMaxAgeMs: 10 * MINUTE_MS,
    }
    redkey = aWeb({
      config: { url },
      actions: {
        readConnectLink: async () => ({
          kind: 'ask',
          userName: 'Maria',
          providerLabel: 'Salesforce',
          confirms: true,
          logins: [],
        }),
        beginConnect: async () => departure,
        beginReauthorize: async () => departure,
        completeLogin: async (callback) => {
          callbacks.push(callback)
          return { kind: 'connected', connection: aConnection(), username: 'maria@acme.com', channelLink: null }
        },
      },
    })
    await redkey.listen({ host: 'localhost', port })
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS })
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await redkey?.close()
    provider?.close()
  })

  async function aPage(): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 760 } })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    return { page, complaints }
  }

  test.each([
    ['the form of a Connect page', '/connect/secret-ticket', true],
    ['a Reauthorize link', '/reauthorize/secret-ticket', false],
  ])('%s leads through the login and back to a clean address, without script', async (_, path, hasForm) => {
    callbacks.length = 0
    referrers.length = 0
    const { page, complaints } = await aPage()
    await page.goto(url + path)
    if (hasForm) await page.getByRole('button', { name: 'Continue to Salesforce' }).click()
    await page.getByRole('heading', { name: 'Salesforce is connected' }).waitFor()
    expect(callbacks).toEqual([
      {
        provider: 'salesforce',
        state: STATE,
        code: 'one-time-code',
        error: null,
        errorDescription: null,
        cookie: 'flow-of-this-browser',
      },
    ])
    expect(page.url()).toMatch(/\/done\/id-\d+$/)
    expect(referrers.join()).not.toContain('secret-ticket')
    const names = (await page.context().cookies()).map((cookie) => cookie.name.split('.')[0])
    expect(names).toEqual(['redkey-done'])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('the style gets through the policy, and nothing is wider than a phone', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 760 } })
    const page = await context.newPage()
    for (const path of ['/', '/connect/t', '/done/x']) {
      await page.goto(url + path)
      const seen = await page.evaluate(`({
        display: getComputedStyle(document.body).display,
        isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      })`)
      expect(seen, path).toEqual({ display: 'flex', isTooWide: false })
    }
    await context.close()
  })

  test('another site can not press the button for somebody', async () => {
    const { page } = await aPage()
    const evil = createServer((_request, answer) =>
      answer
        .setHeader('content-type', 'text/html')
        .end(`<form method="post" action="${url}/connect/t"><button>go</button></form>`),
    )
    await page.goto(`http://127.0.0.1:${await listen(evil)}/`)
    await page.getByRole('button').click()
    await page.getByRole('heading', { name: 'That came from another site' }).waitFor()
    await page.context().close()
    evil.close()
  })
})

/** The provider's login: to its single sign-on on another origin, and from there back to Redkey. */
function signOn(redkeyUrl: string, referrers: (string | undefined)[]): RequestListener {
  return (request, answer) => {
    referrers.push(request.headers.referer)
    const { port } = request.socket.address() as AddressInfo
    const next = request.url?.startsWith('/authorize')
      ? `http://localhost:${port}/sso`
      : `${redkeyUrl}/oauth/callback/salesforce?state=${STATE}&code=one-time-code`
    answer.writeHead(302, { location: next }).end()
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
