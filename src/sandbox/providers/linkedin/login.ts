import type { LoginBrand } from '../login-page.ts'
import { type LoginPages, loginPages, type ReadAuthorize } from '../login-pages.ts'
import { CALLBACK_ERRORS } from './answers.ts'
import type { World } from './world.ts'

const BRAND: LoginBrand = { product: 'LinkedIn', badge: 'LI', accent: '#0a66c2', backdrop: '#f4f2ee' }
const PASSWORD = 'sandbox-linkedin'

/** What each permission lets an app do, in our words. Members grant all or none (…/authorization-code-flow, 2026-11). */
const WORDS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'Use your name and photo',
  r_ads: 'Retrieve your advertising accounts',
  rw_ads: 'Manage your advertising accounts',
  r_ads_reporting: 'Retrieve reporting for your advertising accounts',
}

export function linkedInLogin(world: World): LoginPages {
  return loginPages({
    brand: BRAND,
    appName: world.appName,
    authorizePath: '/oauth/v2/authorization',
    password: PASSWORD,
    refusalText: 'Bummer, something went wrong. Whoever made the app has to look at its settings.',
    takeBack: 'in the settings of LinkedIn, under Data privacy, Permitted services',
    denied: CALLBACK_ERRORS.cancelled,
    groups: () => [{ name: 'Acme Inc', kind: 'Members', people: world.people.map((person) => ({ ...person, isActive: true })) }],
    read: (query) => read(world, query),
    logIn: (_person, password) =>
      password === PASSWORD ? { kind: 'fine' } : { kind: 'again', error: "That's not the right password. Try again." },
    asksFor: ({ scopes }) => scopes.map((scope) => ({ words: WORDS[scope] ?? scope })),
    issueCode: ({ clientId, redirectUri }, person, scopes) =>
      world.oauth.issueCode({
        accountId: person.id,
        username: person.username,
        clientId,
        redirectUri,
        scopes,
        codeChallenge: null,
      }),
  })
}

// …/authorization-code-flow, errors of /oauth/v2/authorization
function read(world: World, query: URLSearchParams): ReadAuthorize {
  const redirectUri = query.get('redirect_uri') ?? ''
  if (query.get('client_id') !== world.clientId) return { kind: 'page', error: { error: "Client_id doesn't match" } }
  if (!world.redirectUris.includes(redirectUri)) return { kind: 'page', error: { error: "Redirect_uri doesn't match" } }
  const scopes = (query.get('scope') ?? '').split(/\s+/).filter((scope) => scope !== '')
  const state = query.get('state')
  if (world.switches.scopeRefused || scopes.some((scope) => WORDS[scope] === undefined)) {
    return { kind: 'redirect', redirectUri, state, error: CALLBACK_ERRORS.scope }
  }
  return { kind: 'fine', clientId: world.clientId, redirectUri, scopes, state, codeChallenge: null, loginHint: null }
}
