import type { Reply } from '../http-server.ts'
import { ERRORS, refusal } from './answers.ts'
import type { World } from './world.ts'

/**
 * `/oauth/access_token`: a code for a token of hours, and `fb_exchange_token` for one of 60 days.
 * developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, …/guides/access-tokens/get-long-lived (2026-11)
 */
export function tokenEndpoint(world: World, given: URLSearchParams): Reply {
  if (given.get('client_id') !== world.clientId) return refusal(ERRORS.unknownApp)
  if (given.get('client_secret') !== world.clientSecret) return refusal(ERRORS.wrongSecret)
  return given.get('grant_type') === 'fb_exchange_token' ? exchange(world, given) : redeem(world, given)
}

function redeem(world: World, given: URLSearchParams): Reply {
  const redeemed = world.oauth.redeemCode({
    code: given.get('code') ?? '',
    clientId: world.clientId,
    redirectUri: given.get('redirect_uri') ?? '',
    codeVerifier: given.get('code_verifier'),
  })
  if (redeemed.kind === 'granted') return tokenAnswer(world, redeemed.accessToken)
  if (redeemed.reason === 'used_code') return refusal(ERRORS.usedCode)
  if (redeemed.reason === 'wrong_redirect_uri') return refusal(ERRORS.wrongRedirectUri)
  return refusal(ERRORS.expiredCode)
}

function exchange(world: World, given: URLSearchParams): Reply {
  const old = given.get('fb_exchange_token') ?? ''
  const state = world.stateOf(old)
  if (state.kind === 'dead') return refusal(state.error)
  return tokenAnswer(world, world.lengthen(old) ?? '')
}

function tokenAnswer(world: World, token: string): Reply {
  const state = world.stateOf(token)
  if (state.kind === 'dead') return refusal(state.error)
  const expires_in = Math.floor((state.expiresAtMs - world.now().getTime()) / 1000)
  return { status: 200, json: { access_token: token, token_type: 'bearer', expires_in } }
}

/** `/debug_token`: developers.facebook.com/docs/graph-api/reference/debug_token (2026-11). */
export function debugToken(world: World, given: URLSearchParams): Reply {
  if (given.get('access_token') !== `${world.clientId}|${world.clientSecret}`) return refusal(ERRORS.wrongSecret)
  const state = world.stateOf(given.get('input_token') ?? '')
  const about = { app_id: world.clientId, type: 'USER', application: world.appName }
  if (state.kind === 'dead') {
    const { code, message, error_subcode } = state.error
    const error = { code, message, ...(error_subcode !== undefined && { subcode: error_subcode }) }
    return { status: 200, json: { data: { ...about, error, is_valid: false, scopes: [] } } }
  }
  const { grant, person } = state
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const data = {
    ...about,
    data_access_expires_at: seconds(world.dataAccessEndsAtMs(grant)),
    expires_at: seconds(state.expiresAtMs),
    is_valid: true,
    issued_at: seconds(state.issuedAtMs),
    scopes: [...grant.scopes, 'public_profile'],
    user_id: person.id,
  }
  return { status: 200, json: { data } }
}
