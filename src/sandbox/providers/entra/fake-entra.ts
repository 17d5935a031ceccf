import { type CallLog, callLog } from '../call-log.ts'
import { type Listener, listen, type Reply, sendReply } from '../http-server.ts'
import type { Grant } from '../oauth-server.ts'
import { type EntraRefusalName, UNAVAILABLE_HTML } from './answers.ts'
import {
  ACCESS_LIFE_MS,
  type EntraApp,
  type EntraAppSeed,
  type EntraOrganization,
  type EntraPerson,
  type EntraSwitches,
  theDirectory,
} from './directory.ts'
import { entraPages } from './pages.ts'
import { tokenEndpoint } from './token-endpoint.ts'

export interface EntraSession {
  readonly person: EntraPerson
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** One login host for all apps of Microsoft, as there is one `MICROSOFT_LOGIN_URL`. */
export interface FakeEntra {
  /** Without a tenant. */
  readonly loginUrl: string
  readonly organizations: readonly EntraOrganization[]
  readonly switches: EntraSwitches
  readonly calls: CallLog
  register(app: EntraAppSeed): EntraApp
  person(username: string): EntraPerson
  /** The live login behind an access token. */
  session(accessToken: string): EntraSession | null
  /** Ends logins for good; the next login works. Of one person, or of one app, or all. */
  endLogins(because: EntraRefusalName, of?: LoginsOf): void
  /** Ends access tokens; refreshing gives new ones. */
  expireAccessTokens(of?: LoginsOf): void
  close(): Promise<void>
}

export interface LoginsOf {
  readonly username?: string
  readonly clientId?: string
}

interface FakeEntraOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free one. */
  readonly port: number
  /** What the consent page calls the app. Default `Redkey`. */
  readonly appName?: string
  readonly now?: () => Date
}

export async function startFakeEntra(options: FakeEntraOptions): Promise<FakeEntra> {
  const directory = theDirectory(options)
  const { oauth, organizations, switches } = directory
  const calls = callLog()
  const pages = entraPages(directory)
  const token = tokenEndpoint(directory)

  const listener: Listener = await listen(options.host ?? '127.0.0.1', options.port, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    // Any tenant: `common`, `organizations`, a name or an id.
    const path = url.pathname.replace(/^\/[^/]+(?=\/oauth2\/v2\.0\/)/, '')
    const reply: Reply = switches.down
      ? { status: 503, html: UNAVAILABLE_HTML }
      : path === '/oauth2/v2.0/token'
        ? await token(request)
        : await pages(request, new URL(`${path}${url.search}`, 'http://fake'))
    calls.add({ at: directory.now(), method: request.method ?? '', path, status: reply.status, username: null, records: 0 })
    sendReply(response, reply)
  })

  function person(username: string): EntraPerson {
    const found = organizations.flatMap(({ people }) => people).find((one) => one.username === username)
    if (!found) throw new Error(`The fake Entra has no user ${username}`)
    return found
  }

  return {
    loginUrl: listener.origin,
    organizations,
    switches,
    calls,
    register(seed) {
      const app: EntraApp = { ...seed, refusedWith: null }
      directory.apps.set(app.clientId, app)
      return app
    },
    person,
    session(accessToken) {
      const session = oauth.session(accessToken)
      const isOver = session === null || directory.now().getTime() - session.startedAt.getTime() >= ACCESS_LIFE_MS
      if (isOver || session.grant.deadBecause) return null
      const { username, clientId, scopes } = session.grant
      return { person: person(username), clientId, scopes }
    },
    endLogins: (because, of = {}) => void oauth.kill((grant) => isOf(grant, of), because),
    expireAccessTokens: (of = {}) => void oauth.endSessions((grant) => isOf(grant, of)),
    close: listener.close,
  }
}

function isOf(grant: Grant, { username, clientId }: LoginsOf): boolean {
  return (username === undefined || grant.username === username) && (clientId === undefined || grant.clientId === clientId)
}
