import type { Reply } from '../http-server.ts'
import type { Granted } from '../oauth-server.ts'
import { refusal, TOKEN_ERRORS, type TokenError } from './answers.ts'
import type { World } from './world.ts'

/** `/oauth/v2/accessToken`: …/shared/authentication/authorization-code-flow, …/programmatic-refresh-tokens (2026-11). */
export function tokenEndpoint(world: World, form: URLSearchParams): Reply {
  const wrong = troubleOfClient(world, form)
  if (wrong) return refusal(wrong)
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeem(world, form)
    case 'refresh_token':
      return refresh(world, form)
    default:
      return refusal(TOKEN_ERRORS.grantType)
  }
}

function troubleOfClient(world: World, form: URLSearchParams): TokenError | null {
  const missing = ['client_id', 'client_secret', 'grant_type'].find((name) => !form.get(name) && form.get('token') === null)
  if (missing) return { status: 400, error: 'invalid_request', error_description: `A required parameter "${missing}" is missing` }
  const isOurs = form.get('client_id') === world.clientId && form.get('client_secret') === world.clientSecret
  return isOurs ? null : TOKEN_ERRORS.wrongClient
}

/** A verifier that the login did not ask for is refused as a wrong code: PKCE is for native clients, at another address. */
function redeem(world: World, form: URLSearchParams): Reply {
  if (form.get('code_verifier') !== null) return refusal(TOKEN_ERRORS.wrongCode)
  const redeemed = world.oauth.redeemCode({
    code: form.get('code') ?? '',
    clientId: world.clientId,
    redirectUri: form.get('redirect_uri') ?? '',
    codeVerifier: null,
  })
  if (redeemed.kind === 'granted') return tokenAnswer(world, redeemed)
  return refusal(
    redeemed.reason === 'unknown_code' || redeemed.reason === 'used_code' ? TOKEN_ERRORS.unknownCode : TOKEN_ERRORS.wrongCode,
  )
}

function refresh(world: World, form: URLSearchParams): Reply {
  const refreshToken = form.get('refresh_token') ?? ''
  const grant = world.oauth.grantOfRefreshToken(refreshToken)
  const isOver = grant !== null && world.refreshEndsAtMs(grant) <= world.now().getTime()
  const refreshed = world.oauth.refresh({ refreshToken, clientId: world.clientId })
  if (isOver || refreshed.kind !== 'granted') return refusal(TOKEN_ERRORS.deadRefreshToken)
  return tokenAnswer(world, { ...refreshed, refreshToken })
}

function tokenAnswer(world: World, { accessToken, grant, refreshToken }: Granted): Reply {
  const left = Math.floor((world.refreshEndsAtMs(grant) - world.now().getTime()) / 1000)
  const json = {
    access_token: accessToken,
    expires_in: world.issue(accessToken, grant),
    ...(refreshToken !== null && { refresh_token: refreshToken, refresh_token_expires_in: left }),
    scope: grant.scopes.join(','),
  }
  return { status: 200, json }
}

/** `/oauth/v2/introspectToken`: …/shared/authentication/token-introspection (2026-11). */
export function introspectEndpoint(world: World, form: URLSearchParams): Reply {
  const wrong = troubleOfClient(world, form)
  if (wrong) return refusal(wrong)
  const state = world.stateOf(form.get('token') ?? '')
  if (state.kind === 'dead') {
    const status = state.error.code === 'EXPIRED_ACCESS_TOKEN' ? 'expired' : 'revoked'
    return { status: 200, json: { active: false, status } }
  }
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const json = {
    active: true,
    client_id: world.clientId,
    authorized_at: seconds(state.grant.approvedAt.getTime()),
    created_at: seconds(state.issuedAtMs),
    status: 'active',
    expires_at: seconds(state.expiresAtMs),
    scope: state.grant.scopes.join(','),
    auth_type: '3L',
  }
  return { status: 200, json }
}
