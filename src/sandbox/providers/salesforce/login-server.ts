import type { IncomingMessage } from 'node:http'
import { type Handle, type Reply, readForm, sendReply } from '../http-server.ts'
import { consentPage, errorPage, type LoginBrand, loginPage } from '../login-page.ts'
import { randomToken } from '../oauth-server.ts'
import { TOKEN_ERRORS, type TokenError, UNAVAILABLE_HTML } from './answers.ts'
import type { App } from './app.ts'
import { type AuthorizeRequest, readAuthorize, scopeWords } from './authorize-request.ts'
import { identity, identityUrl, userinfo } from './identity.ts'
import { type AppAccess, DEFAULT_PASSWORD, type Org, type OrgUser } from './org.ts'
import { introspectEndpoint, revokeEndpoint, tokenEndpoint } from './token-endpoint.ts'

const BRAND: LoginBrand = { product: 'Salesforce', badge: 'SF', accent: '#0b5cab', backdrop: '#eef4fb' }
const BAD_LOGIN = "Please check your username and password. If you still can't log in, contact your Salesforce administrator."

/** Logins that nobody finished are forgotten beyond this. */
const MAX_WAITING = 1_000

interface Waiting {
  readonly request: AuthorizeRequest
  login: { org: Org; user: OrgUser } | null
}

/** The login host: authorize, login and consent pages, tokens, identity. Orgs answer the same on their own domain. */
export function loginServer(app: App): Handle {
  const waiting = new Map<string, Waiting>()

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const reply = await replyTo(request, url)
    const { status } = reply
    app.calls.add({ at: app.now(), method: request.method ?? '', path: url.pathname, status, username: null, records: 0 })
    sendReply(response, reply)
  }

  async function replyTo(request: IncomingMessage, url: URL): Promise<Reply> {
    switch (url.pathname) {
      case '/services/oauth2/authorize':
        return authorize(url.searchParams)
      case '/login':
        return login(await readForm(request))
      case '/consent':
        return request.method === 'POST' ? decide(await readForm(request)) : ask(url.searchParams)
      case '/services/oauth2/token':
        return tokenEndpoint(app, request)
      case '/services/oauth2/revoke':
        return revokeEndpoint(app, request)
      case '/services/oauth2/introspect':
        return introspectEndpoint(app, request)
      case '/services/oauth2/userinfo':
        return about(request, null)
      default:
        return url.pathname.startsWith('/id/') ? about(request, url.pathname) : nothingHere()
    }
  }

  function authorize(query: URLSearchParams): Reply {
    if (app.switches.loginDown) return { status: 503, html: UNAVAILABLE_HTML }
    const read = readAuthorize(app, query)
    if (read.kind === 'page') return refusalPage(read.error)
    if (read.kind === 'redirect') return sendBack(read, read.error)
    const id = randomToken(16)
    waiting.set(id, { request: read, login: null })
    for (const oldest of waiting.keys()) if (waiting.size > MAX_WAITING) waiting.delete(oldest)
    return { status: 200, html: loginForm(id, read.loginHint, null) }
  }

  function login(form: URLSearchParams): Reply {
    const id = form.get('request') ?? ''
    const found = waiting.get(id)
    if (!found) return gone()
    const [orgId, username] = (form.get('login') ?? '').split(':', 2)
    const org = app.orgs.find((one) => one.id === orgId)
    const user = org?.users.find((one) => one.username === username)
    if (org?.switches.down) return { status: 503, html: UNAVAILABLE_HTML }
    if (!org || !user?.isActive || form.get('password') !== user.password) {
      return { status: 200, html: loginForm(id, username ?? null, BAD_LOGIN) }
    }
    const refused = refusedLogin(org)
    if (refused) {
      waiting.delete(id)
      return app.switches.showsLoginErrors ? refusalPage(refused) : sendBack(found.request, refused)
    }
    found.login = { org, user }
    return { status: 303, location: `/consent?request=${id}` }
  }

  function ask(query: URLSearchParams): Reply {
    const id = query.get('request') ?? ''
    const found = waiting.get(id)
    if (!found?.login) return gone()
    const { org, user } = found.login
    return {
      status: 200,
      html: consentPage({
        brand: BRAND,
        action: '/consent',
        hidden: { request: id },
        appName: app.name,
        username: user.username,
        accountName: org.isSandbox ? `${org.name} (sandbox)` : org.name,
        asksFor: scopeWords(found.request.scopes),
      }),
    }
  }

  function decide(form: URLSearchParams): Reply {
    const id = form.get('request') ?? ''
    const found = waiting.get(id)
    if (!found?.login) return gone()
    waiting.delete(id)
    const { request } = found
    if (form.get('decision') !== 'allow') return sendBack(request, TOKEN_ERRORS.denied)
    const { clientId, redirectUri, scopes, codeChallenge } = request
    const { org, user } = found.login
    const code = app.oauth.issueCode({ accountId: org.id, username: user.username, clientId, redirectUri, scopes, codeChallenge })
    const target = new URL(redirectUri)
    target.searchParams.set('code', code)
    if (request.state !== null) target.searchParams.set('state', request.state)
    return { status: 302, location: target.href }
  }

  function loginForm(id: string, wanted: string | null, error: string | null): string {
    const usernames = app.orgs.flatMap((org) => org.users.map((user) => user.username))
    const chosen = wanted !== null && usernames.includes(wanted) ? wanted : usernames[0]
    return loginPage({
      brand: BRAND,
      action: '/login',
      hidden: { request: id },
      accounts: app.orgs.map((org) => ({
        name: org.name,
        kind: org.isSandbox ? 'Sandbox' : 'Production',
        users: org.users.map((user) => ({
          value: `${org.id}:${user.username}`,
          username: user.username,
          displayName: `${user.firstName} ${user.lastName}`,
          isChosen: user.username === chosen,
          note: user.isActive ? null : 'deactivated',
        })),
      })),
      password: DEFAULT_PASSWORD,
      error,
    })
  }

  /** `/id/{org}/{user}` and userinfo. Texts of refusals: help.salesforce.com remoteaccess_using_openid (from memory). */
  function about(request: IncomingMessage, path: string | null): Reply {
    const [, token] = (request.headers.authorization ?? '').split(' ', 2)
    if (!token) return { status: 403, text: 'Missing_OAuth_Token' }
    const grant = app.oauth.session(token)?.grant
    const found = grant && app.userOf(grant)
    if (!found) return { status: 403, text: 'Bad_OAuth_Token' }
    const { org, user } = found
    if (path === null) return { status: 200, json: userinfo(app.loginUrl, org, user) }
    if (!path.startsWith(`/id/${org.id}/`)) return { status: 403, text: 'Wrong_Org' }
    if (`${app.loginUrl}${path}` !== identityUrl(app.loginUrl, org, user)) return { status: 404, text: 'Bad_Id' }
    return { status: 200, json: identity(app.loginUrl, org, user) }
  }
}

const REFUSED: Readonly<Record<Exclude<AppAccess, 'allowed'>, TokenError>> = {
  blocked: TOKEN_ERRORS.appBlocked,
  not_installed: TOKEN_ERRORS.approvalGeneric,
  must_be_installed: TOKEN_ERRORS.mustBeInstalled,
  no_external_app: TOKEN_ERRORS.externalAppNotFound,
  not_approved: TOKEN_ERRORS.notApproved,
  access_denied: TOKEN_ERRORS.accessDenied,
}

function refusedLogin({ switches }: Org): TokenError | null {
  if (switches.appAccess !== 'allowed') return REFUSED[switches.appAccess]
  return switches.ipRestricted ? TOKEN_ERRORS.ipRestricted : null
}

function sendBack(to: { redirectUri: string; state: string | null }, error: TokenError): Reply {
  const target = new URL(to.redirectUri)
  target.searchParams.set('error', error.error)
  target.searchParams.set('error_description', error.error_description)
  if (to.state !== null) target.searchParams.set('state', to.state)
  return { status: 302, location: target.href }
}

function refusalPage(error: TokenError): Reply {
  const text = "We can't authorize you because of an OAuth error. For more information, contact your Salesforce administrator."
  const code = `error=${error.error}&error_description=${error.error_description}`
  return { status: 400, html: errorPage(BRAND, "We can't log you in", text, code) }
}

function gone(): Reply {
  const text = 'This login has been open for too long, or was used already. Go back to where you came from and start again.'
  return { status: 400, html: errorPage(BRAND, 'Start again', text, 'login request unknown') }
}

function nothingHere(): Reply {
  return { status: 404, html: errorPage(BRAND, 'Page not found', 'There is no page at this address.', '404') }
}
