import type { IncomingMessage, ServerResponse } from 'node:http'
import { callLog } from '../call-log.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen, type Reply, sendReply } from '../http-server.ts'
import { type Grant, oauthServer, randomToken } from '../oauth-server.ts'
import { API_ERRORS } from './answers.ts'
import type { App, AppSwitches } from './app.ts'
import { hubspotPanel } from './control-panel.ts'
import { crmApi } from './crm-api.ts'
import { hubspotPages } from './login.ts'
import { type FakePortal, type PortalSeed, portal } from './portal.ts'
import { oauthEndpoint } from './token-endpoint.ts'

interface FakeHubSpotOptions extends FakeProviderOptions {
  /** Scopes that the app is set up with in HubSpot. Default: what is needed for custom objects. */
  readonly requiredScopes?: readonly string[]
  readonly optionalScopes?: readonly string[]
  readonly portals?: readonly PortalSeed[]
}

export interface FakeHubSpot extends FakeProvider {
  /** Login pages and API alike. */
  readonly url: string
  readonly portals: readonly FakePortal[]
  readonly switches: AppSwitches
  readonly calls: App['calls']
  portal(domain: string): FakePortal
  /** The new secret. */
  rotateClientSecret(secret?: string): string
}

const MINUTE_MS = 60_000
/** Access tokens that are known beyond that are as unknown as any text. */
const MAX_MINTED = 20_000

const DEFAULT_PORTALS: readonly PortalSeed[] = [
  {
    hubId: 1234567,
    domain: 'acme.example',
    accountType: 'STANDARD',
    users: [
      { email: 'redkey@acme.example', name: 'Ana Ruiz' },
      { email: 'ops@acme.example', name: 'Tom Okafor' },
    ],
  },
  {
    hubId: 7654321,
    domain: 'sandbox.acme.example',
    accountType: 'SANDBOX',
    users: [
      { email: 'redkey@acme.example', name: 'Ana Ruiz' },
      { email: 'ops@acme.example', name: 'Tom Okafor' },
    ],
  },
]

/** app.hubspot.com and api.hubapi.com as one origin, with everything that goes wrong between us and HubSpot. */
export async function startFakeHubSpot(options: FakeHubSpotOptions): Promise<FakeHubSpot> {
  const app = registeredApp(options)
  const pages = hubspotPages(app)
  const listener = await listen(options.host ?? '127.0.0.1', options.port, handle)
  const panel = hubspotPanel(app, rotateClientSecret)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const reply = await replyTo(request, url)
    if (reply === null) request.socket.destroy()
    else sendReply(response, reply)
  }

  async function replyTo(request: IncomingMessage, url: URL): Promise<Reply | null> {
    const token = /^\/oauth\/2026-03\/token(\/introspect|\/revoke)?$/.exec(url.pathname)
    if (token) return logged(request, url, await oauthEndpoint(app, request, token[1] ?? ''))
    if (/^\/(account-info|crm|crm-object-schemas)\//.test(url.pathname)) return crmApi(app, request, url)
    const page = await pages.replyTo(request, url)
    const { status, body } = API_ERRORS.notFound
    return logged(request, url, page ?? { status, json: body })
  }

  function logged(request: IncomingMessage, { pathname: path }: URL, reply: Reply): Reply {
    app.calls.add({ at: app.now(), method: request.method ?? '', path, status: reply.status, username: null, records: 0 })
    return reply
  }

  function rotateClientSecret(secret = randomToken(24)): string {
    app.clientSecret = secret
    return secret
  }

  return {
    name: 'hubspot',
    label: 'HubSpot',
    url: listener.origin,
    env: {
      HUBSPOT_CLIENT_ID: app.clientId,
      HUBSPOT_CLIENT_SECRET: app.clientSecret,
      HUBSPOT_LOGIN_URL: listener.origin,
      HUBSPOT_API_URL: listener.origin,
    },
    portals: app.portals,
    switches: app.switches,
    calls: app.calls,
    portal(domain) {
      const found = app.portals.find((one) => one.domain === domain)
      if (!found) throw new Error(`The fake HubSpot has no account ${domain}`)
      return found
    },
    rotateClientSecret,
    panelGroups: panel.groups,
    run: panel.run,
    close: () => listener.close(),
  }
}

function registeredApp(options: FakeHubSpotOptions): App {
  const now = options.now ?? (() => new Date())
  const minted = new Map<string, Grant>()
  const switches: AppSwitches = {
    loginDown: false,
    tooManyLogins: false,
    rotateRefreshTokens: false,
    oldErrors: false,
    withheldScopes: [],
  }
  const oauth = oauthServer({
    now,
    codeLifeMs: 5 * MINUTE_MS,
    sessionLifeMs: 24 * 60 * MINUTE_MS, // what ends them is in `app.ts`: use does not prolong them
    maxGrantsPerUser: Number.POSITIVE_INFINITY,
    rotates: () => switches.rotateRefreshTokens,
    wantsRefreshToken: () => true,
    mint: {
      code: () => `na1-${randomToken(18)}`,
      accessToken(grant) {
        const token = `C${randomToken(90)}`
        minted.set(token, grant)
        const [oldest] = minted.keys()
        if (oldest !== undefined && minted.size > MAX_MINTED) minted.delete(oldest)
        return token
      },
      refreshToken: () => `na1-${randomToken(18)}`,
    },
  })
  return {
    name: options.appName ?? 'Redkey',
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: options.redirectUris,
    requiredScopes: options.requiredScopes ?? [
      'oauth',
      'crm.objects.custom.read',
      'crm.objects.custom.write',
      'crm.schemas.custom.read',
    ],
    optionalScopes: options.optionalScopes ?? ['crm.schemas.custom.write'],
    portals: (options.portals ?? DEFAULT_PORTALS).map((seed, place) => portal(seed, place + 1, oauth)),
    oauth,
    minted,
    switches,
    calls: callLog(),
    now,
  }
}
