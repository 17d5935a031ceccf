import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http-server.ts'
import { errorPage, type LoginBrand } from '../login-page.ts'
import { type LoggedIn, type LoginPerson, loginPages, type ReadAuthorize } from '../login-pages.ts'
import type { EntraRefusalName } from './answers.ts'
import { DEFAULT_PASSWORD, type Directory, type EntraPerson, refusalOf } from './directory.ts'

const BRAND: LoginBrand = { product: 'Microsoft', badge: 'MS', accent: '#0067b8', backdrop: '#f2f2f2' }

/** What Entra shows on its own page instead of sending the browser back (reference-error-codes, 2026-11). */
const ON_ITS_PAGE: readonly EntraRefusalName[] = [
  'conditionalAccess',
  'notAssigned',
  'disabled',
  'deleted',
  'unknownApp',
  'appDisabled',
]

/** Authorize, login and consent, below any tenant. */
export function entraPages(directory: Directory): (request: IncomingMessage, url: URL) => Promise<Reply> {
  const { organizations, apps, oauth } = directory
  const people = organizations.flatMap((one) => one.people)

  function find({ id }: LoginPerson): EntraPerson {
    const found = people.find((one) => one.id === id)
    if (!found) throw new Error(`The fake Entra has no user ${id}`)
    return found
  }

  function read(query: URLSearchParams): ReadAuthorize {
    const app = apps.get(query.get('client_id') ?? '')
    const redirectUri = query.get('redirect_uri') ?? ''
    if (!app) return { kind: 'page', error: refusalOf('unknownApp', directory) }
    if (!app.redirectUris.includes(redirectUri)) return { kind: 'page', error: refusalOf('redirect', directory) }
    const state = query.get('state')
    const scopes = (query.get('scope') ?? '').split(/\s+/).filter(Boolean)
    const isKnown = (scope: string) => scope in app.scopes || scope in OPENID_SCOPES
    if (scopes.length === 0 || !scopes.every(isKnown)) {
      return { kind: 'redirect', redirectUri, state, error: refusalOf('scope', directory) }
    }
    return {
      kind: 'fine',
      clientId: app.clientId,
      redirectUri,
      scopes,
      state,
      codeChallenge: query.get('code_challenge'),
      loginHint: query.get('login_hint'),
    }
  }

  function logIn(chosen: LoginPerson, password: string): LoggedIn {
    const person = find(chosen)
    if (password !== person.password) return { kind: 'again', error: 'Your account or password is incorrect.' }
    if (person.blockedBy === null) return { kind: 'fine' }
    return { kind: ON_ITS_PAGE.includes(person.blockedBy) ? 'page' : 'redirect', error: refusalOf(person.blockedBy, directory) }
  }

  const pages = loginPages({
    brand: BRAND,
    appName: directory.appName,
    authorizePath: '/oauth2/v2.0/authorize',
    password: DEFAULT_PASSWORD,
    refusalText: "Sorry, but we're having trouble signing you in.",
    takeBack: 'at myapplications.microsoft.com',
    // learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (2026-11), with what Entra adds
    denied: {
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: 'AADSTS65004: User declined to consent to access the app.',
    },
    groups: () =>
      organizations.map(({ name, people }) => ({
        name,
        kind: 'Work accounts',
        people: people.map((person) => ({
          ...person,
          isActive: person.blockedBy !== 'disabled' && person.blockedBy !== 'deleted',
        })),
      })),
    read,
    logIn,
    asksFor: ({ clientId, scopes }) => {
      const words: Readonly<Record<string, string>> = { ...OPENID_SCOPES, ...apps.get(clientId)?.scopes }
      return scopes.map((scope) => ({ words: words[scope] ?? scope }))
    },
    issueCode({ clientId, redirectUri, codeChallenge }, chosen, scopes) {
      const { id, username } = find(chosen)
      return oauth.issueCode({ accountId: id, username, clientId, redirectUri, scopes, codeChallenge })
    },
  })

  return async (request, url) => (await pages.replyTo(request, url)) ?? nothingHere()
}

/** https://learn.microsoft.com/entra/identity-platform/scopes-oidc (2026-11), in the words of its consent page. */
const OPENID_SCOPES: Readonly<Record<string, string>> = {
  offline_access: 'Maintain access to data you have given it access to',
  openid: 'Sign you in',
  profile: 'View your basic profile',
  email: 'View your email address',
}

function nothingHere(): Reply {
  return { status: 404, html: errorPage(BRAND, 'Page not found', 'There is no page at this address.', '404') }
}
