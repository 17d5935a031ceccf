import type { LoginBrand } from '../login-page.ts'
import { type LoginPages, type LoginPerson, loginPages, type ReadAuthorize } from '../login-pages.ts'
import type { World } from './world.ts'

const BRAND: LoginBrand = { product: 'Meta', badge: 'ME', accent: '#0866ff', backdrop: '#f0f2f5' }
const PASSWORD = 'sandbox-meta'

/** What each permission lets an app do, as the dialog of Facebook Login says it (in our words). */
const WORDS: Readonly<Record<string, string>> = {
  ads_read: 'See the ads that you have access to, and their results',
  ads_management: 'Manage the ads that you have access to',
  business_management: 'Manage your business',
}

export function metaLogin(world: World): LoginPages {
  return loginPages({
    brand: BRAND,
    appName: world.appName,
    authorizePath: '/v26.0/dialog/oauth',
    password: PASSWORD,
    refusalText: 'Sorry, something went wrong with this app. Whoever made it has to look at its settings.',
    takeBack: 'in the settings of Facebook, under Business integrations',
    // …/docs/facebook-login/guides/advanced/manual-flow (2026-11)
    denied: {
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
    },
    groups: () => [{ name: 'Acme Inc', kind: 'Business', people: world.people.map(shownPerson) }],
    read: (query) => read(world, query),
    logIn: (_person, password) =>
      password === PASSWORD ? { kind: 'fine' } : { kind: 'again', error: 'The password that you entered is incorrect.' },
    asksFor: ({ scopes }) => scopes.map((scope) => ({ words: WORDS[scope] ?? scope, optional: scope })),
    issueCode: (request, person, scopes) =>
      world.oauth.issueCode({
        accountId: person.id,
        username: person.username,
        clientId: request.clientId,
        redirectUri: request.redirectUri,
        scopes,
        codeChallenge: request.codeChallenge,
      }),
  })

  function shownPerson({ id, username, displayName }: World['people'][number]): LoginPerson {
    return { id, username, displayName, isActive: true }
  }
}

function read(world: World, query: URLSearchParams): ReadAuthorize {
  const redirectUri = query.get('redirect_uri') ?? ''
  // Texts of Facebook's own error page, as users quote them
  if (query.get('client_id') !== world.clientId) return { kind: 'page', error: { error: 'Invalid App ID' } }
  if (!world.redirectUris.includes(redirectUri)) {
    return {
      kind: 'page',
      error: { error: 'URL blocked', error_description: 'This redirect failed because the redirect URI is not white-listed.' },
    }
  }
  const scopes = (query.get('scope') ?? '').split(/[\s,]+/).filter((scope) => scope !== '')
  const unknown = scopes.find((scope) => WORDS[scope] === undefined)
  if (unknown !== undefined) return { kind: 'page', error: { error: `Invalid Scopes: ${unknown}` } }
  return {
    kind: 'fine',
    clientId: world.clientId,
    redirectUri,
    scopes,
    state: query.get('state'),
    codeChallenge: query.get('code_challenge'),
    loginHint: null,
  }
}
