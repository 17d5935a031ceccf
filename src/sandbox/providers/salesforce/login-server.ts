import type { IncomingMessage } from 'node:http'
import { type Handle, type Reply, sendReply } from '../http-server.ts'
import { errorPage, type LoginBrand } from '../login-page.ts'
import { type LoggedIn, type LoginPages, type LoginPerson, loginPages } from '../login-pages.ts'
import { TOKEN_ERRORS, type TokenError, UNAVAILABLE_HTML } from './answers.ts'
import type { App } from './app.ts'
import { readAuthorize, scopeWords } from './authorize-request.ts'
import { identity, identityUrl, userinfo } from './identity.ts'
import { type AppAccess, DEFAULT_PASSWORD, type Org, type OrgUser } from './org.ts'
import { introspectEndpoint, revokeEndpoint, tokenEndpoint } from './token-endpoint.ts'

const BRAND: LoginBrand = { product: 'Salesforce', badge: 'SF', accent: '#0b5cab', backdrop: '#eef4fb' }
const BAD_LOGIN = "Please check your username and password. If you still can't log in, contact your Salesforce administrator."

/** The login host: authorize, login and consent pages, tokens, identity. Orgs answer the same on their own domain. */
export function loginServer(app: App): Handle {
  const pages = salesforcePages(app)

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const reply = await replyTo(request, url)
    const { status } = reply
    app.calls.add({ at: app.now(), method: request.method ?? '', path: url.pathname, status, username: null, records: 0 })
    sendReply(response, reply)
  }

  async function replyTo(request: IncomingMessage, url: URL): Promise<Reply> {
    switch (url.pathname) {
      case '/services/oauth2/token':
        return tokenEndpoint(app, request)
      case '/services/oauth2/revoke':
        return revokeEndpoint(app, request)
      case '/services/oauth2/introspect':
        return introspectEndpoint(app, request)
      case '/services/oauth2/userinfo':
        return about(request, null)
      default:
        if (url.pathname.startsWith('/id/')) return about(request, url.pathname)
        return (await pages.replyTo(request, url)) ?? nothingHere()
    }
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

function salesforcePages(app: App): LoginPages {
  const personId = (org: Org, user: OrgUser) => `${org.id}:${user.username}`

  function find({ id }: LoginPerson): { org: Org; user: OrgUser } {
    const all = app.orgs.flatMap((org) => org.users.map((user) => ({ org, user })))
    const found = all.find(({ org, user }) => personId(org, user) === id)
    if (!found) throw new Error(`The fake Salesforce has no user ${id}`)
    return found
  }

  function logIn(person: LoginPerson, password: string): LoggedIn {
    const { org, user } = find(person)
    if (org.switches.down) return { kind: 'reply', reply: { status: 503, html: UNAVAILABLE_HTML } }
    if (!user.isActive || password !== user.password) return { kind: 'again', error: BAD_LOGIN }
    const refused = refusedLogin(org)
    if (!refused) return { kind: 'fine' }
    return { kind: app.switches.showsLoginErrors ? 'page' : 'redirect', error: { ...refused } }
  }

  return loginPages({
    brand: BRAND,
    appName: app.name,
    authorizePath: '/services/oauth2/authorize',
    password: DEFAULT_PASSWORD,
    refusalText: "We can't authorize you because of an OAuth error. For more information, contact your Salesforce administrator.",
    takeBack: 'in Setup, under Connected Apps OAuth Usage',
    denied: { ...TOKEN_ERRORS.denied },
    groups: () =>
      app.orgs.map((org) => ({
        name: org.name,
        kind: org.isSandbox ? 'Sandbox' : 'Production',
        people: org.users.map((user) => ({
          id: personId(org, user),
          username: user.username,
          displayName: `${user.firstName} ${user.lastName}`,
          isActive: user.isActive,
        })),
      })),
    read: (query) => readAuthorize(app, query),
    logIn,
    asksFor: ({ scopes }) => scopeWords(scopes).map((words) => ({ words })),
    issueCode({ clientId, redirectUri, codeChallenge }, person, scopes) {
      const { org, user } = find(person)
      return app.oauth.issueCode({
        accountId: org.id,
        username: user.username,
        clientId,
        redirectUri,
        scopes,
        codeChallenge,
      })
    },
  })
}

function refusedLogin({ switches }: Org): TokenError | null {
  if (switches.appAccess !== 'allowed') return REFUSED[switches.appAccess]
  return switches.ipRestricted ? TOKEN_ERRORS.ipRestricted : null
}

function nothingHere(): Reply {
  return { status: 404, html: errorPage(BRAND, 'Page not found', 'There is no page at this address.', '404') }
}
