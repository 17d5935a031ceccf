import type { IncomingMessage } from 'node:http'
import { type Reply, readForm } from '../http-server.ts'
import type { Grant, Granted } from '../oauth-server.ts'
import { API_ERRORS, BAD_GATEWAY_HTML, type Refusal, TOKEN_ERRORS } from './answers.ts'
import { ACCESS_LIFE_MS, type App, liveGrant, ownerOf } from './app.ts'

const NO_STORE = { 'cache-control': 'no-store' }

/** `POST /oauth/2026-03/token`, `/introspect` and `/revoke`: all parameters in the body. Guide in `answers.ts`. */
export async function oauthEndpoint(app: App, request: IncomingMessage, path: string): Promise<Reply> {
  if (request.method !== 'POST') return json({ status: 405, body: { status: 'error', message: 'HTTP 405 Method Not Allowed' } })
  const form = await readForm(request)
  if (app.switches.loginDown) return { status: 502, html: BAD_GATEWAY_HTML }
  if (app.switches.tooManyLogins) return json(API_ERRORS.tenSecondLimit)
  const refused = clientRefusal(app, form)
  if (refused) return json(worded(app, refused))
  if (path === '/introspect') return { status: 200, json: introspection(app, form.get('token') ?? ''), headers: NO_STORE }
  if (path === '/revoke') return revoke(app, form.get('token') ?? '')
  const outcome = exchange(app, form)
  return 'kind' in outcome ? { status: 200, json: tokenAnswer(app, outcome), headers: NO_STORE } : json(worded(app, outcome))
}

function clientRefusal(app: App, form: URLSearchParams): Refusal | null {
  if (form.get('client_id') !== app.clientId) return TOKEN_ERRORS.badClientId
  return form.get('client_secret') === app.clientSecret ? null : TOKEN_ERRORS.badClientSecret
}

function exchange(app: App, form: URLSearchParams): Granted | Refusal {
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeem(app, form)
    case 'refresh_token':
      return refresh(app, form.get('refresh_token') ?? '')
    default:
      return TOKEN_ERRORS.badGrantType
  }
}

function redeem(app: App, form: URLSearchParams): Granted | Refusal {
  const done = app.oauth.redeemCode({
    code: form.get('code') ?? '',
    clientId: app.clientId,
    redirectUri: form.get('redirect_uri') ?? '',
    codeVerifier: form.get('code_verifier'),
  })
  if (done.kind === 'granted') return done
  if (done.reason === 'wrong_redirect_uri') return TOKEN_ERRORS.badRedirectUri
  if (done.reason === 'wrong_verifier') return TOKEN_ERRORS.badCodeVerifier
  return done.reason === 'expired_code' ? TOKEN_ERRORS.expiredAuthCode : TOKEN_ERRORS.badAuthCode
}

function refresh(app: App, refreshToken: string): Granted | Refusal {
  const done = app.oauth.refresh({ refreshToken, clientId: app.clientId })
  if (done.kind === 'granted') return done
  return done.grant?.deadBecause === 'account_removed' ? TOKEN_ERRORS.badHub : TOKEN_ERRORS.badRefreshToken
}

/** The older form of the answer, where there is one. */
function worded({ switches }: App, refusal: Refusal): Refusal {
  return switches.oldErrors && refusal === TOKEN_ERRORS.badRefreshToken ? TOKEN_ERRORS.oldBadRefreshToken : refusal
}

/** A refresh gives the refresh token again. HubSpot-public-api-spec-collection, oauth 2026-03: AccessTokenResponse. */
function tokenAnswer(app: App, { grant, accessToken, refreshToken }: Granted): object {
  const { portal, user } = ownerOf(app, grant)
  return {
    token_type: 'bearer',
    token_use: 'access_token',
    refresh_token: refreshToken ?? grant.refreshToken,
    access_token: accessToken,
    hub_id: portal.hubId,
    user_id: user.id,
    scopes: grant.scopes,
    expires_in: ACCESS_LIFE_MS / 1000,
  }
}

/** PublicAccessTokenInfoResponse and PublicRefreshTokenInfoResponse; `{"active": false}` for all others. */
function introspection(app: App, token: string): object {
  const live = liveGrant(app, token)
  const refreshed = app.oauth.grantOfRefreshToken(token)
  const grant = live ?? (refreshed?.refreshToken === token && !refreshed.deadBecause ? refreshed : null)
  if (!grant) return { active: false }
  return { active: true, token, ...about(app, grant), token_use: live ? 'access_token' : 'refresh_token', token_type: 'Bearer' }
}

function about(app: App, grant: Grant): object {
  const { portal, user } = ownerOf(app, grant)
  return {
    hub_id: portal.hubId,
    user_id: user.id,
    client_id: app.clientId,
    app_id: 1234444,
    user: user.email,
    hub_domain: portal.domain,
    scopes: grant.scopes,
    expires_in: ACCESS_LIFE_MS / 1000,
    is_private_distribution: true,
  }
}

/** Access tokens that are out go on for their half hour; the fake ends them with the grant. 200: NangoHQ/nango#7664 (2026-09). */
function revoke(app: App, token: string): Reply {
  app.oauth.revoke(token)
  return { status: 200, text: '' }
}

function json({ status, body, headers }: Refusal): Reply {
  return { status, json: body, headers: { ...NO_STORE, ...headers } }
}
