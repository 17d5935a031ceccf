import type { LoginBrand } from '../login-page.ts'
import { type LoggedIn, type LoginPages, type LoginPerson, loginPages, type ReadAuthorize } from '../login-pages.ts'
import type { App } from './app.ts'
import type { FakePortal, PortalUser } from './portal.ts'

const BRAND: LoginBrand = { product: 'HubSpot', badge: 'HS', accent: '#c2410c', backdrop: '#fff4ee' }

/** What the login page is prefilled with. */
const PASSWORD = 'sandbox'

const WORDS: Readonly<Record<string, string>> = {
  oauth: 'See basic information of the account',
  'crm.objects.custom.read': 'View custom object records',
  'crm.objects.custom.write': 'Create, delete, or make changes to custom object records',
  'crm.schemas.custom.read': 'View custom object definitions',
  'crm.schemas.custom.write': 'Create, delete, or make changes to custom object definitions',
}

/** The person chooses the account after logging in; here both are one choice. */
export function hubspotPages(app: App): LoginPages {
  const idOf = (portal: FakePortal, user: PortalUser) => `${portal.hubId}:${user.id}`
  const everybody = () => app.portals.flatMap((portal) => portal.users.map((user) => ({ portal, user })))

  function find({ id }: LoginPerson): { portal: FakePortal; user: PortalUser } {
    const found = everybody().find(({ portal, user }) => idOf(portal, user) === id)
    if (!found) throw new Error(`The fake HubSpot has no user ${id}`)
    return found
  }

  function logIn(person: LoginPerson, password: string): LoggedIn {
    const { portal, user } = find(person)
    if (!user.isActive || portal.isRemoved || password !== PASSWORD) {
      return { kind: 'again', error: "That email and password combination isn't right." }
    }
    if (!user.mayConnectApps) return { kind: 'page', error: NO_RIGHT }
    if (portal.switches.noCustomObjects) return { kind: 'page', error: NO_FEATURE }
    return { kind: 'fine' }
  }

  return loginPages({
    brand: BRAND,
    appName: app.name,
    authorizePath: '/oauth/authorize',
    password: PASSWORD,
    refusalText: "Couldn't complete the connection.",
    takeBack: 'in the settings, under Integrations, Connected Apps',
    denied: { error: 'access_denied', error_description: 'The user denied the request' },
    groups: () =>
      app.portals
        .filter(({ isRemoved }) => !isRemoved)
        .map((portal) => ({
          name: portal.domain,
          kind: portal.accountType === 'STANDARD' ? 'Production' : 'Sandbox',
          people: portal.users.map((user) => ({
            id: idOf(portal, user),
            username: user.email,
            displayName: user.name,
            isActive: user.isActive,
          })),
        })),
    read: (query) => readAuthorize(app, query),
    logIn,
    asksFor: ({ scopes }) => scopes.map((scope) => ({ words: WORDS[scope] ?? scope })),
    issueCode({ clientId, redirectUri, codeChallenge }, person, scopes) {
      const { portal, user } = find(person)
      const granted = scopes.filter((scope) => !app.switches.withheldScopes.includes(scope))
      const { hubId } = portal
      return app.oauth.issueCode({
        accountId: String(hubId),
        username: user.email,
        clientId,
        redirectUri,
        scopes: granted,
        codeChallenge,
      })
    },
  })
}

/** HubSpot shows what is wrong with a request itself. Texts: knowledge.hubspot.com/integrations/resolve-a-request-for-integration-permissions-error (2026-11) */
const NO_RIGHT = { message: 'You do not have the correct role to grant these permissions. Please contact your administrator.' }
const NO_FEATURE = { message: "This account doesn't have access to some HubSpot features that are required by this app." }
const INSUFFICIENT = {
  message: 'Authorization failed because the provided scopes are insufficient. Please contact the app developer.',
}
const MISMATCH = {
  message:
    "Authorization failed because there is a mismatch between the scopes in the install URL and the app's configured scopes. Please contact the app developer.",
}
const WRONG_REDIRECT = { message: "Authorization failed as the redirect URL doesn't match the app's registered redirect URL" }
const WRONG_CLIENT = { message: 'Authorization failed because the app is unknown.' }

function readAuthorize(app: App, query: URLSearchParams): ReadAuthorize {
  const redirectUri = query.get('redirect_uri') ?? ''
  const required = listOf(query.get('scope'))
  const optional = listOf(query.get('optional_scope'))
  if (query.get('client_id') !== app.clientId) return { kind: 'page', error: WRONG_CLIENT }
  if (!app.redirectUris.includes(redirectUri)) return { kind: 'page', error: WRONG_REDIRECT }
  if (app.requiredScopes.some((scope) => !required.includes(scope))) return { kind: 'page', error: INSUFFICIENT }
  const isKnown = (scope: string) => app.requiredScopes.includes(scope)
  if (!required.every(isKnown) || !optional.every((scope) => app.optionalScopes.includes(scope))) {
    return { kind: 'page', error: MISMATCH }
  }
  return {
    kind: 'fine',
    clientId: app.clientId,
    redirectUri,
    scopes: [...required, ...optional],
    state: query.get('state'),
    codeChallenge: query.get('code_challenge'),
    loginHint: null,
  }
}

function listOf(text: string | null): readonly string[] {
  return (text ?? '').split(' ').filter(Boolean)
}
