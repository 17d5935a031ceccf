import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Reply, readForm } from '../http-server.ts'
import type { Grant, Granted } from '../oauth-server.ts'
import { TOKEN_ERRORS, type TokenError, UNAVAILABLE_HTML } from './answers.ts'
import type { App } from './app.ts'
import { identityUrl } from './identity.ts'

const NO_STORE = { 'cache-control': 'no-store' }

type Outcome = Granted | TokenError | 'down'

export async function tokenEndpoint(app: App, request: IncomingMessage): Promise<Reply> {
  const form = await readForm(request)
  const outcome = app.switches.loginDown ? 'down' : await exchange(app, request, form)
  if (outcome === 'down') return { status: 503, html: UNAVAILABLE_HTML }
  if ('error' in outcome) return { status: 400, json: outcome, headers: NO_STORE }
  return { status: 200, json: tokenAnswer(app, outcome), headers: NO_STORE }
}

async function exchange(app: App, request: IncomingMessage, form: URLSearchParams): Promise<Outcome> {
  if (request.method !== 'POST') return TOKEN_ERRORS.mustPost
  const client = clientRefusal(app, request, form)
  if (client) return client
  if (app.switches.tooManyLogins) return TOKEN_ERRORS.tooManyLogins
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeem(app, form)
    case 'refresh_token':
      return refresh(app, form.get('refresh_token') ?? '')
    default:
      return TOKEN_ERRORS.grantType
  }
}

/** In the body or as HTTP Basic, alike. */
function clientRefusal(app: App, request: IncomingMessage, form: URLSearchParams): TokenError | null {
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(decodeURIComponent) : []
  if ((basicId ?? form.get('client_id')) !== app.clientId) return TOKEN_ERRORS.unknownClient
  return (basicSecret ?? form.get('client_secret')) === app.clientSecret ? null : TOKEN_ERRORS.wrongSecret
}

function redeem(app: App, form: URLSearchParams): Outcome {
  const done = app.oauth.redeemCode({
    code: form.get('code') ?? '',
    clientId: app.clientId,
    redirectUri: form.get('redirect_uri') ?? '',
    codeVerifier: form.get('code_verifier'),
  })
  if (done.kind === 'granted') return grantRefusal(app, done.grant) ?? done
  if (done.reason === 'wrong_redirect_uri') return TOKEN_ERRORS.wrongRedirectUri
  return done.reason === 'wrong_verifier' ? TOKEN_ERRORS.wrongVerifier : TOKEN_ERRORS.expiredCode
}

async function refresh(app: App, refreshToken: string): Promise<Outcome> {
  const { switches, refreshing, tokenGate } = app
  if (switches.concurrentRefreshes > 0) {
    switches.concurrentRefreshes -= 1
    return TOKEN_ERRORS.alreadyBeingProcessed
  }
  if (switches.refusesConcurrentRefresh && refreshing.has(refreshToken)) return TOKEN_ERRORS.alreadyBeingProcessed
  refreshing.add(refreshToken)
  try {
    if (tokenGate.isHeld) await tokenGate.pass()
    if (switches.latencyMs > 0) await sleep(switches.latencyMs)
    return refreshNow(app, refreshToken)
  } finally {
    refreshing.delete(refreshToken)
  }
}

function refreshNow(app: App, refreshToken: string): Outcome {
  const grant = app.oauth.grantOfRefreshToken(refreshToken)
  const refused = grant && grantRefusal(app, grant)
  if (refused) return refused
  const done = app.oauth.refresh({ refreshToken, clientId: app.clientId })
  if (done.kind === 'granted') return done
  return done.grant?.deadBecause === 'password_changed' ? TOKEN_ERRORS.authenticationFailure : TOKEN_ERRORS.expiredRefreshToken
}

/** What stands between a living grant and its tokens: the org and the user. */
function grantRefusal(app: App, grant: Grant): Outcome | null {
  const found = app.userOf(grant)
  if (!found) return TOKEN_ERRORS.expiredRefreshToken
  const { switches } = found.org
  if (switches.down) return 'down'
  if (!found.user.isActive) return TOKEN_ERRORS.inactiveUser
  if (switches.appAccess === 'blocked') return TOKEN_ERRORS.appBlocked
  if (switches.appAccess === 'not_approved') return TOKEN_ERRORS.notApproved
  return switches.ipRestricted ? TOKEN_ERRORS.ipRestricted : null
}

/** No `expires_in`. A refresh answers without `refresh_token` unless tokens rotate. PROVIDERS.md §2.a. */
function tokenAnswer(app: App, { grant, accessToken, refreshToken }: Granted): object {
  const found = app.userOf(grant)
  if (!found) throw new Error(`A grant of an unknown user: ${grant.id}`)
  const id = identityUrl(app.loginUrl, found.org, found.user)
  const issuedAt = String(app.now().getTime())
  return {
    access_token: accessToken,
    ...(refreshToken && { refresh_token: refreshToken }),
    signature: createHmac('sha256', app.clientSecret).update(`${id}${issuedAt}`).digest('base64'),
    scope: grant.scopes.join(' '),
    instance_url: found.org.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  }
}

/** By POST or GET with `token`; 200 without a body. help.salesforce.com remoteaccess_revoke_token */
export async function revokeEndpoint(app: App, request: IncomingMessage): Promise<Reply> {
  const query = new URL(request.url ?? '/', 'http://fake').searchParams
  const token = query.get('token') ?? (await readForm(request)).get('token') ?? ''
  if (!app.oauth.revoke(token)) return { status: 400, json: TOKEN_ERRORS.revokeUnknown }
  return { status: 200, text: '' }
}

/** help.salesforce.com xcloud.remoteaccess_oidc_token_introspection_endpoint (read 2026-11-23) */
export async function introspectEndpoint(app: App, request: IncomingMessage): Promise<Reply> {
  const form = await readForm(request)
  const client = clientRefusal(app, request, form)
  if (client) return { status: 401, json: client }
  const token = form.get('token') ?? ''
  const session = app.oauth.session(token)
  const grant = session?.grant ?? app.oauth.grantOfRefreshToken(token)
  const found = grant && app.userOf(grant)
  const isLive = grant && !grant.deadBecause && (session || grant.refreshToken === token)
  if (!found || !isLive) return { status: 200, json: { active: false } }
  const startedAt = Math.floor((session?.startedAt ?? grant.approvedAt).getTime() / 1000)
  return {
    status: 200,
    json: {
      active: true,
      scope: grant.scopes.join(' '),
      client_id: grant.clientId,
      username: grant.username,
      sub: identityUrl(app.loginUrl, found.org, found.user),
      token_type: session ? 'access_token' : 'refresh_token',
      ...(session && { exp: Math.floor(session.expiresAtMs / 1000) }),
      iat: startedAt,
      nbf: startedAt,
    },
  }
}
