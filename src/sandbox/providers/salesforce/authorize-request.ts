import type { ReadAuthorize } from '../login-pages.ts'
import { TOKEN_ERRORS, type TokenError, UNAVAILABLE_HTML } from './answers.ts'
import type { App } from './app.ts'

/** What an app may be given, and what the consent page says about it. */
const SCOPES: Readonly<Record<string, string>> = {
  api: 'Manage user data via APIs',
  refresh_token: 'Perform requests at any time',
  offline_access: 'Perform requests at any time',
  openid: 'Access unique user identifiers',
  id: 'Access the identity URL service',
  profile: 'Access the basic profile of the user',
  email: 'Access the email address of the user',
  full: 'Full access',
}

export function readAuthorize(app: App, query: URLSearchParams): ReadAuthorize {
  if (app.switches.loginDown) return { kind: 'reply', reply: { status: 503, html: UNAVAILABLE_HTML } }
  const redirectUri = query.get('redirect_uri')
  if (query.get('client_id') !== app.clientId) return { kind: 'page', error: { ...TOKEN_ERRORS.unknownClient } }
  if (!redirectUri) return { kind: 'page', error: { ...TOKEN_ERRORS.missingRedirectUri } }
  if (!app.allowsRedirect(redirectUri)) return { kind: 'page', error: { ...TOKEN_ERRORS.wrongRedirectUri } }
  const state = query.get('state')
  const scopes = (query.get('scope') ?? 'api refresh_token openid').split(/[\s+]+/).filter(Boolean)
  const codeChallenge = query.get('code_challenge')
  const error = refusal(app, query, scopes, codeChallenge)
  if (error) return { kind: 'redirect', redirectUri, state, error: { ...error } }
  return { kind: 'fine', clientId: app.clientId, redirectUri, scopes, state, codeChallenge, loginHint: query.get('login_hint') }
}

function refusal(app: App, query: URLSearchParams, scopes: readonly string[], codeChallenge: string | null): TokenError | null {
  if (query.get('response_type') !== 'code') return TOKEN_ERRORS.responseType
  if (scopes.some((scope) => !(scope in SCOPES))) return TOKEN_ERRORS.scope
  if (codeChallenge === null) return app.switches.requiresPkce ? TOKEN_ERRORS.missingChallenge : null
  const method = query.get('code_challenge_method') ?? 'S256'
  return method === 'S256' && /^[\w-]{43}$/.test(codeChallenge) ? null : TOKEN_ERRORS.challengeMethod
}

export function scopeWords(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes.map((scope) => SCOPES[scope] ?? scope))]
}
