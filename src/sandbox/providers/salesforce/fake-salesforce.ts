import { callLog } from '../call-log.ts'
import type { FakeProvider } from '../fake-provider.ts'
import { listen } from '../http-server.ts'
import { oauthServer, randomToken } from '../oauth-server.ts'
import type { App, AppSwitches } from './app.ts'
import { salesforcePanel } from './control-panel.ts'
import { gate } from './gate.ts'
import { loginServer } from './login-server.ts'
import { type FakeOrg, type OrgSeed, org } from './org.ts'
import { orgServer } from './org-server.ts'

export interface FakeSalesforceOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly loginPort: number
  /** One for each org, in their order; 0 or missing takes a free one. */
  readonly orgPorts?: readonly number[]
  readonly clientId: string
  readonly clientSecret: string
  /** What the consent page calls the app. Default `Redkey`. */
  readonly appName?: string
  /** Compared exactly. */
  readonly redirectUris: readonly string[] | ((uri: string) => boolean)
  readonly orgs?: readonly OrgSeed[]
  readonly now?: () => Date
  readonly rotateRefreshTokens?: boolean
  /** Added to every answer of the orgs. */
  readonly latencyMs?: number
  /** How long an unused session lives. Default two hours. */
  readonly sessionTimeoutMs?: number
}

export interface FakeSalesforce extends FakeProvider {
  /** For `SALESFORCE_LOGIN_URL`. */
  readonly loginUrl: string
  readonly orgs: readonly FakeOrg[]
  readonly switches: AppSwitches
  /** Calls of the login host. */
  readonly calls: App['calls']
  readonly clientSecret: string
  org(name: string): FakeOrg
  /** The new secret. By default all tokens die, as when an administrator applies a rotation. */
  rotateClientSecret(options?: { secret?: string; revokesTokens?: boolean }): string
  /** Holds every refresh until the returned function is called. */
  holdRefreshes(): () => void
}

const MINUTE_MS = 60_000

const DEFAULT_ORGS: readonly OrgSeed[] = [
  {
    name: 'Acme Inc',
    isSandbox: false,
    users: [
      { username: 'redkey@acme.example', firstName: 'Ana', lastName: 'Ruiz' },
      { username: 'ops@acme.example', firstName: 'Tom', lastName: 'Okafor' },
    ],
  },
  {
    name: 'Acme UAT',
    isSandbox: true,
    users: [
      { username: 'redkey@acme.example.uat', firstName: 'Ana', lastName: 'Ruiz', email: 'redkey@acme.example' },
      { username: 'ops@acme.example.uat', firstName: 'Tom', lastName: 'Okafor', email: 'ops@acme.example' },
    ],
  },
]

/** A login host and one origin for each org, in memory, with everything that goes wrong between us and Salesforce. */
export async function startFakeSalesforce(options: FakeSalesforceOptions): Promise<FakeSalesforce> {
  const host = options.host ?? '127.0.0.1'
  const app = registeredApp(options)
  const login = loginServer(app)
  const loginListener = await listen(host, options.loginPort, login)
  app.loginUrl = loginListener.origin
  const orgListeners = await Promise.all(
    app.orgs.map(async (one, place) => {
      const handle = orgServer({ org: one, oauth: app.oauth, now: app.now, login })
      const listener = await listen(host, options.orgPorts?.[place] ?? 0, handle)
      one.instanceUrl = listener.origin
      return listener
    }),
  )
  const panel = salesforcePanel(app, rotateClientSecret)

  return {
    name: 'salesforce',
    label: 'Salesforce',
    env: {
      SALESFORCE_CLIENT_ID: app.clientId,
      SALESFORCE_CLIENT_SECRET: app.clientSecret,
      SALESFORCE_LOGIN_URL: app.loginUrl,
    },
    loginUrl: app.loginUrl,
    orgs: app.orgs,
    switches: app.switches,
    calls: app.calls,
    get clientSecret() {
      return app.clientSecret
    },
    org(name) {
      const found = app.orgs.find((one) => one.name === name)
      if (!found) throw new Error(`The fake Salesforce has no org ${name}`)
      return found
    },
    rotateClientSecret,
    holdRefreshes: app.tokenGate.hold,
    panelGroups: panel.groups,
    run: panel.run,
    revokeLogins: () => app.orgs.flatMap((org) => org.revokeGrant()),
    async close() {
      await Promise.all([loginListener, ...orgListeners].map((listener) => listener.close()))
    },
  }

  function rotateClientSecret({ secret = randomToken(24), revokesTokens = true } = {}): string {
    app.clientSecret = secret
    if (revokesTokens) app.oauth.kill(() => true, 'secret_rotated')
    return secret
  }
}

function registeredApp(options: FakeSalesforceOptions): App {
  const { redirectUris } = options
  const now = options.now ?? (() => new Date())
  const switches: AppSwitches = {
    rotateRefreshTokens: options.rotateRefreshTokens ?? false,
    refusesConcurrentRefresh: true,
    concurrentRefreshes: 0,
    tooManyLogins: false,
    loginDown: false,
    requiresPkce: true,
    showsLoginErrors: false,
    latencyMs: 0,
  }
  const oauth = oauthServer({
    now,
    codeLifeMs: 10 * MINUTE_MS,
    sessionLifeMs: options.sessionTimeoutMs ?? 120 * MINUTE_MS,
    maxGrantsPerUser: 5,
    rotates: () => switches.rotateRefreshTokens,
    wantsRefreshToken: (scopes) => scopes.includes('refresh_token') || scopes.includes('offline_access'),
    mint: {
      code: () => `aPrx${randomToken(36)}==`,
      accessToken: (grant) => `${grant.accountId.slice(0, 15)}!AQ${randomToken(60)}`,
      refreshToken: () => `5Aep861${randomToken(48)}`,
    },
  })
  const orgs = (options.orgs ?? DEFAULT_ORGS).map((seed, place) => org(seed, place + 1, oauth))
  for (const one of orgs) one.switches.latencyMs = options.latencyMs ?? 0
  return {
    name: options.appName ?? 'Redkey',
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    allowsRedirect: typeof redirectUris === 'function' ? redirectUris : (uri) => redirectUris.includes(uri),
    orgs,
    oauth,
    switches,
    calls: callLog(),
    tokenGate: gate(),
    refreshing: new Set(),
    loginUrl: '',
    now,
    userOf(grant) {
      const found = orgs.find((one) => one.id === grant.accountId)
      const user = found?.users.find((one) => one.username === grant.username)
      return found && user ? { org: found, user } : null
    },
  }
}
