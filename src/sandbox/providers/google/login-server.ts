import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Reply, readForm } from '../http-server.ts'
import type { LoginBrand } from '../login-page.ts'
import { type LoggedIn, type LoginPages, type LoginPerson, loginPages, type ReadAuthorize } from '../login-pages.ts'
import type { Granted } from '../oauth-server.ts'
import { frontPage, TOKEN_FAULTS, type TokenFault } from './answers.ts'
import { type GoogleWorld, type Person, refreshTokenEnds } from './world.ts'

const BRAND: LoginBrand = { product: 'Google', badge: 'G', accent: '#1a73e8', backdrop: '#f0f4f9' }
const PASSWORD = 'sandbox'

/** Words of the consent page: developers.google.com/identity/protocols/oauth2/scopes (2026-11). The first two have no box. */
const SCOPES: Readonly<Record<string, string>> = {
  openid: 'Associate you with your personal info on Google',
  email: 'See your primary Google Account email address',
  'https://www.googleapis.com/auth/adwords': 'See, edit, create, and delete your Google Ads accounts and data',
  'https://www.googleapis.com/auth/dfareporting': 'View and manage DoubleClick for Advertisers reports',
  'https://www.googleapis.com/auth/dfatrafficking':
    "View and manage your DoubleClick Campaign Manager's (DCM) display ad campaigns",
}
const WITHOUT_BOX = ['openid', 'email']

/** accounts.google.com and oauth2.googleapis.com in one. */
export function googleLogins(world: GoogleWorld): (request: IncomingMessage, url: URL) => Promise<Reply | null> {
  const pages = googlePages(world)
  return async (request, url) => {
    switch (url.pathname) {
      case '/token':
        return token(world, request)
      case '/tokeninfo':
        return tokenInfo(world, request, url)
      case '/revoke':
        return revoke(world, request, url)
      default:
        return pages.replyTo(request, url)
    }
  }
}

function googlePages(world: GoogleWorld): LoginPages {
  const companies = [...new Set(world.people.map(({ company }) => company))]
  return loginPages({
    brand: BRAND,
    appName: world.appName,
    authorizePath: '/o/oauth2/v2/auth',
    password: PASSWORD,
    refusalText: 'Access blocked: this request of the app is invalid, or an administrator does not allow the app.',
    takeBack: 'at myaccount.google.com/connections',
    denied: { error: 'access_denied' },
    groups: () =>
      companies.map((name) => ({
        name,
        kind: name.includes('Agency') ? 'Agency' : 'Google Workspace',
        people: world.people
          .filter(({ company }) => company === name)
          .map(({ sub, email, name: displayName, isActive }) => ({ id: sub, username: email, displayName, isActive })),
      })),
    read: (query) => readAuthorize(world, query),
    logIn: (person, password) => logIn(world, person, password),
    asksFor: ({ scopes }) =>
      scopes.map((scope) => ({ words: SCOPES[scope] ?? scope, ...(!WITHOUT_BOX.includes(scope) && { optional: scope }) })),
    issueCode({ clientId, redirectUri, codeChallenge }, person, scopes) {
      return world.oauth.issueCode({
        accountId: person.id,
        username: person.username,
        clientId,
        redirectUri,
        scopes,
        codeChallenge,
      })
    },
  })
}

function readAuthorize(world: GoogleWorld, query: URLSearchParams): ReadAuthorize {
  const redirectUri = query.get('redirect_uri') ?? ''
  const state = query.get('state')
  if (world.switches.loginDown) return { kind: 'reply', reply: { status: 502, html: frontPage(502, '/o/oauth2/v2/auth') } }
  if (query.get('client_id') !== world.clientId) return { kind: 'page', error: { error: '401 invalid_client' } }
  if (!world.redirectUris.includes(redirectUri)) return { kind: 'page', error: { error: '400 redirect_uri_mismatch' } }
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
  if (scopes.length === 0 || scopes.some((scope) => !(scope in SCOPES))) {
    return { kind: 'page', error: { error: '400 invalid_scope' } }
  }
  const codeChallenge = query.get('code_challenge')
  return { kind: 'fine', clientId: world.clientId, redirectUri, scopes, state, codeChallenge, loginHint: query.get('login_hint') }
}

function logIn({ people, switches }: GoogleWorld, { id }: LoginPerson, password: string): LoggedIn {
  const person = people.find(({ sub }) => sub === id)
  if (!person?.isActive) return { kind: 'again', error: 'This account was deleted or disabled.' }
  if (password !== PASSWORD) return { kind: 'again', error: 'Wrong password. Try again or click Forgot password to reset it.' }
  if (switches.isInternal) return { kind: 'page', error: { error: '403 org_internal' } }
  if (switches.tokenFault?.error === 'admin_policy_enforced')
    return { kind: 'page', error: { error: '400 admin_policy_enforced' } }
  return { kind: 'fine' }
}

async function token(world: GoogleWorld, request: IncomingMessage): Promise<Reply> {
  const form = await readForm(request)
  if (world.switches.loginDown) return { status: 502, html: frontPage(502, '/token') }
  const outcome = exchange(world, form)
  if (!('error' in outcome)) return { status: 200, json: tokenAnswer(world, outcome) }
  const { status, ...json } = outcome
  return { status, json, headers: { 'cache-control': 'no-store' } }
}

function exchange(world: GoogleWorld, form: URLSearchParams): Granted | TokenFault {
  const { clientId, clientSecret, oauth, switches } = world
  if (form.get('client_id') !== clientId) return TOKEN_FAULTS.unknownClient
  if (form.get('client_secret') !== clientSecret) return TOKEN_FAULTS.wrongSecret
  if (switches.tokenFault) return switches.tokenFault
  if (form.get('grant_type') === 'refresh_token') return refresh(world, form.get('refresh_token') ?? '')
  if (form.get('grant_type') !== 'authorization_code') return TOKEN_FAULTS.grantType
  const code = form.get('code') ?? ''
  const done = oauth.redeemCode({
    code,
    clientId,
    redirectUri: form.get('redirect_uri') ?? '',
    codeVerifier: form.get('code_verifier'),
  })
  if (done.kind === 'granted') return done
  if (done.reason === 'wrong_redirect_uri') return TOKEN_FAULTS.wrongRedirect
  return done.reason === 'wrong_verifier' ? TOKEN_FAULTS.wrongVerifier : TOKEN_FAULTS.malformedCode
}

function refresh(world: GoogleWorld, refreshToken: string): Granted | TokenFault {
  const grant = world.oauth.grantOfRefreshToken(refreshToken)
  if (!grant) return TOKEN_FAULTS.badRequest
  if (!world.personOf(grant).isActive) return TOKEN_FAULTS.accountDeleted
  const endsMs = refreshTokenEnds(world, grant)
  if (endsMs !== null && endsMs <= world.now().getTime()) return TOKEN_FAULTS.dead
  const done = world.oauth.refresh({ refreshToken, clientId: world.clientId })
  if (done.kind === 'granted') return done
  return done.reason === 'wrong_client' ? TOKEN_FAULTS.otherClient : TOKEN_FAULTS.dead
}

/** `refresh_token_expires_in` only in Testing; a refresh gives no refresh token. web-server#exchange-authorization-code (2026-11) */
function tokenAnswer(world: GoogleWorld, { grant, accessToken, refreshToken }: Granted): object {
  const endsMs = refreshTokenEnds(world, grant)
  return {
    access_token: accessToken,
    expires_in: 3599,
    ...(refreshToken && { refresh_token: refreshToken }),
    scope: told(grant.scopes).join(' '),
    token_type: 'Bearer',
    id_token: idToken(world, world.personOf(grant)),
    ...(endsMs !== null && { refresh_token_expires_in: Math.max(0, Math.floor((endsMs - world.now().getTime()) / 1000)) }),
  }
}

/** Google tells the scope `email` by its long name. */
function told(scopes: readonly string[]): readonly string[] {
  return scopes.map((scope) => (scope === 'email' ? 'https://www.googleapis.com/auth/userinfo.email' : scope))
}

function idToken({ clientId, now }: GoogleWorld, { sub, email }: Person): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const seconds = Math.floor(now().getTime() / 1000)
  const claims = {
    iss: 'https://accounts.google.com',
    aud: clientId,
    sub,
    email,
    email_verified: true,
    iat: seconds,
    exp: seconds + 3600,
  }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', 'fake').update(signed).digest('base64url')}`
}

/** By header, form or query, GET or POST: google-auth-library-nodejs, getTokenInfo (2026-11-24). */
async function tokenInfo(world: GoogleWorld, request: IncomingMessage, url: URL): Promise<Reply> {
  const form = await readForm(request)
  if (world.switches.loginDown) return { status: 502, html: frontPage(502, '/tokeninfo') }
  const token = bearer(request) ?? form.get('access_token') ?? url.searchParams.get('access_token') ?? ''
  const session = world.oauth.session(token)
  if (!session) return refused(TOKEN_FAULTS.invalidToken)
  const { sub, email } = world.personOf(session.grant)
  const seconds = Math.floor((session.expiresAtMs - world.now().getTime()) / 1000)
  return {
    status: 200,
    json: {
      azp: world.clientId,
      aud: world.clientId,
      sub,
      scope: told(session.grant.scopes).join(' '),
      exp: String(Math.floor(session.expiresAtMs / 1000)),
      expires_in: String(seconds),
      email,
      email_verified: 'true',
      access_type: 'offline',
    },
  }
}

/** Takes the whole approval of this person along (developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke, 2026-11). */
async function revoke(world: GoogleWorld, request: IncomingMessage, url: URL): Promise<Reply> {
  const token = url.searchParams.get('token') ?? (await readForm(request)).get('token') ?? ''
  const grant = world.oauth.session(token)?.grant ?? world.oauth.grantOfRefreshToken(token)
  if (!grant || grant.deadBecause) return refused(TOKEN_FAULTS.invalidToken)
  world.oauth.kill(({ username }) => username === grant.username, 'revoked')
  return { status: 200, json: {} }
}

export function bearer(request: IncomingMessage): string | null {
  return /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}

function refused({ status, ...json }: TokenFault): Reply {
  return { status, json }
}
