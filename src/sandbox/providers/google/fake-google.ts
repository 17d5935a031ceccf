import type { AdLibrary } from '../ads/ad-library.ts'
import { callLog } from '../call-log.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen, type Reply, sendReply } from '../http-server.ts'
import { oauthServer, randomToken } from '../oauth-server.ts'
import { type AdsAccount, adsAccounts } from './ads-account.ts'
import { adsApi } from './ads-api.ts'
import { frontPage } from './answers.ts'
import { cm360Api } from './cm360-api.ts'
import { type CmAccount, type CmWorld, newCmWorld } from './cm360-world.ts'
import { adsPanel, cm360Panel, DAILY_OPERATIONS } from './control-panel.ts'
import { type GoogleControls, googleControls } from './controls.ts'
import { googleLogins } from './login-server.ts'
import { type SecurityEvent, securityEvents } from './security-events.ts'
import { type GoogleSwitches, type GoogleWorld, newCustomers, newPeople, newProfiles } from './world.ts'

/**
 * Google's accounts with the two APIs that Redkey asks, on one origin: their paths do not overlap. One app of Google serves both
 * providers, and so does one fake; `close` of either ends it.
 */
export interface FakeGoogle extends GoogleControls {
  readonly url: string
  readonly switches: GoogleSwitches
  readonly calls: GoogleWorld['calls']
  /** Operations of the Google Ads API on this day. */
  readonly operations: { readonly used: number }
  /** Campaigns, ads and costs of a Google Ads account, by its id or name. */
  library(account: string): AdLibrary
  /** The same with what only Google Ads has. */
  adsAccount(account: string): AdsAccount
  /** Tells the app what happened to an account, as Google does where the app asked for it. Answers the app's HTTP status. */
  tell(email: string, event: SecurityEvent): Promise<number>
  readonly googleAds: FakeProvider
  readonly cm360: FakeCm360
  close(): Promise<void>
}

/** Campaign Manager 360, with what tests do to it. */
export interface FakeCm360 extends FakeProvider, Pick<CmWorld, 'switches' | 'reports' | 'files'> {
  /** By id or name. */
  account(account: string): CmAccount
  library(account: string): AdLibrary
}

const HOUR_MS = 3_600_000

export async function startFakeGoogle(options: FakeProviderOptions): Promise<FakeGoogle> {
  const world = newWorld(options)
  const controls = googleControls(world)
  const logins = googleLogins(world)
  const events = securityEvents(options.clientId, world.now)
  const listener = await listen(options.host ?? '127.0.0.1', options.port, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const reply: Reply = (await adsApi(world, request, url)) ??
      (await cm360Api(world, request, url, origin)) ??
      events.replyTo(url, origin) ??
      (await logins(request, url)) ?? { status: 404, html: frontPage(404, url.pathname) }
    const { status } = reply
    world.calls.add({ at: world.now(), method: request.method ?? '', path: url.pathname, status, username: null, records: 0 })
    sendReply(response, reply)
  })
  const { origin } = listener
  const app = {
    GOOGLE_CLIENT_ID: options.clientId,
    GOOGLE_CLIENT_SECRET: options.clientSecret,
    GOOGLE_LOGIN_URL: origin,
    GOOGLE_TOKEN_URL: origin,
  }
  let closed: Promise<void> | null = null
  const close = () => {
    closed ??= listener.close()
    return closed
  }
  const tell = async (email: string, event: SecurityEvent) => {
    const hook = new URL('/hooks/google', options.redirectUris[0])
    const headers = { 'content-type': 'application/secevent+jwt' }
    const answer = await fetch(hook, { method: 'POST', headers, body: events.token(controls.person(email), event) })
    return answer.status
  }
  const adsAccount = (account: string) => {
    const found = world.adsAccounts.get(controls.customer(account).id)
    if (!found) throw new Error(`The fake Google has no campaigns of ${account}`)
    return found
  }
  const ads = adsPanel(world, controls, tell)
  const cm = cm360Panel(world)
  const cmAccount = (account: string) => {
    const [id] = account.split('/')
    const found = world.cm.accounts.find((one) => one.id === id || one.name === account)
    if (!found) throw new Error(`The fake Campaign Manager 360 has no account ${account}`)
    return found
  }
  return {
    ...controls,
    url: origin,
    switches: world.switches,
    calls: world.calls,
    operations: world.operations,
    library: (account) => adsAccount(account).library,
    adsAccount,
    tell,
    googleAds: {
      name: 'google-ads',
      label: 'Google Ads',
      env: { ...app, GOOGLE_ADS_API_URL: origin },
      panelGroups: ads.groups,
      run: ads.run,
      revokeLogins: () => [...new Set(world.oauth.kill(() => true, 'revoked').map(({ username }) => username))],
      close,
    },
    cm360: {
      name: 'cm360',
      label: 'Campaign Manager 360',
      env: { ...app, CM360_API_URL: origin },
      panelGroups: cm.groups,
      run: cm.run,
      close,
      ...world.cm,
      account: cmAccount,
      library: (account) => cmAccount(account).library,
    },
    close,
  }
}

function newWorld({ appName, clientId, clientSecret, redirectUris, now = () => new Date() }: FakeProviderOptions): GoogleWorld {
  const people = newPeople()
  const customers = newCustomers()
  return {
    appName: appName ?? 'Redkey',
    clientId,
    clientSecret,
    redirectUris,
    people,
    customers,
    adsAccounts: adsAccounts(customers, now),
    profiles: newProfiles(),
    cm: newCmWorld(now),
    switches: {
      tokenFault: null,
      loginDown: false,
      isTesting: false,
      isInternal: false,
      adsFault: null,
      cm360Fault: null,
      apisDown: false,
      pageRows: 10_000,
      dailyOperations: DAILY_OPERATIONS,
    },
    // 100 refresh tokens of one account and app live, and the oldest makes room (…/identity/protocols/oauth2#expiration, 2026-11).
    oauth: oauthServer({
      now,
      codeLifeMs: HOUR_MS / 6,
      sessionLifeMs: HOUR_MS,
      maxGrantsPerUser: 100,
      rotates: () => false,
      wantsRefreshToken: () => true,
      mint: {
        code: () => `4/0A${randomToken(48)}`,
        accessToken: () => `ya29.a0${randomToken(96)}`,
        refreshToken: () => `1//0${randomToken(60)}`,
      },
    }),
    calls: callLog(),
    operations: { day: '', used: 0 },
    now,
    personOf({ accountId }) {
      const person = people.find(({ sub }) => sub === accountId)
      if (!person) throw new Error(`A grant of an unknown Google account: ${accountId}`)
      return person
    },
  }
}
