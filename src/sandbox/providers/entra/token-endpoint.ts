import type { IncomingMessage } from 'node:http'
import { type Reply, readForm } from '../http-server.ts'
import { type Granted, randomToken } from '../oauth-server.ts'
import { bodyOf, ENTRA_REFUSALS, type EntraRefusalName } from './answers.ts'
import { ACCESS_LIFE_MS, type Directory, type EntraApp } from './directory.ts'

const NO_STORE = { 'cache-control': 'no-store, no-cache' }
const RETRY_AFTER_S = 30

type Outcome = Granted | EntraRefusalName

/** `POST /{tenant}/oauth2/v2.0/token`: learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (2026-11). */
export function tokenEndpoint(directory: Directory): (request: IncomingMessage) => Promise<Reply> {
  const { apps, oauth, organizations, switches, now } = directory
  /** Each refresh gives another refresh token, and the earlier ones go on working: learn.microsoft.com/entra/identity-platform/refresh-tokens. */
  const handedOut = new Map<string, string>()

  function exchange(app: EntraApp | undefined, form: URLSearchParams): Outcome {
    if (switches.transient) return 'transient'
    if (switches.throttled) return 'throttled'
    if (!app) return 'unknownApp'
    if (app.refusedWith) return app.refusedWith
    if (form.get('client_secret') !== app.clientSecret) return 'secretWrong'
    if (form.get('grant_type') === 'authorization_code') return redeem(app, form)
    return form.get('grant_type') === 'refresh_token' ? refresh(app, form) : 'grantType'
  }

  function redeem({ clientId }: EntraApp, form: URLSearchParams): Outcome {
    const done = oauth.redeemCode({
      code: form.get('code') ?? '',
      clientId,
      redirectUri: form.get('redirect_uri') ?? '',
      codeVerifier: form.get('code_verifier'),
    })
    if (done.kind === 'granted') return blockOf(done.grant.username) ?? done
    switch (done.reason) {
      case 'used_code':
        return 'usedCode'
      case 'expired_code':
        return 'expiredCode'
      case 'wrong_verifier':
        return 'wrongVerifier'
      case 'wrong_redirect_uri':
        return 'redirect'
      default:
        return 'malformed'
    }
  }

  function refresh({ clientId }: EntraApp, form: URLSearchParams): Outcome {
    const refreshToken = handedOut.get(form.get('refresh_token') ?? '') ?? ''
    const grant = oauth.grantOfRefreshToken(refreshToken)
    if (!grant) return 'malformed'
    const blocked = blockOf(grant.username)
    if (blocked) return blocked
    if (grant.deadBecause) return grant.deadBecause in ENTRA_REFUSALS ? (grant.deadBecause as EntraRefusalName) : 'revoked'
    const asked = (form.get('scope') ?? '').split(/\s+/).filter(Boolean)
    if (asked.some((scope) => !grant.scopes.includes(scope))) return 'consent'
    const done = oauth.refresh({ refreshToken, clientId })
    if (done.kind === 'refused') return 'wrongClient'
    return { ...done, refreshToken }
  }

  function blockOf(username: string): EntraRefusalName | null {
    const person = organizations.flatMap(({ people }) => people).find((one) => one.username === username)
    return person ? person.blockedBy : 'deleted'
  }

  function tokenAnswer({ grant, accessToken, refreshToken }: Granted): object {
    const handed = refreshToken === null ? null : `1.AXEB${randomToken(60)}`
    if (handed !== null && refreshToken !== null) handedOut.set(handed, refreshToken)
    return {
      token_type: 'Bearer',
      scope: grant.scopes.filter((scope) => scope !== 'offline_access').join(' '),
      expires_in: ACCESS_LIFE_MS / 1000,
      ext_expires_in: ACCESS_LIFE_MS / 1000,
      access_token: accessToken,
      ...(handed !== null && { refresh_token: handed }),
    }
  }

  return async (request) => {
    const form = await readForm(request)
    const outcome = exchange(apps.get(form.get('client_id') ?? ''), form)
    if (typeof outcome !== 'string') return { status: 200, json: tokenAnswer(outcome), headers: NO_STORE }
    const headers = { ...NO_STORE, ...(outcome === 'throttled' && { 'retry-after': String(RETRY_AFTER_S) }) }
    return { status: ENTRA_REFUSALS[outcome].status, json: bodyOf(outcome, now()), headers }
  }
}
