import { type Clock, later, SECOND_MS } from '../../../clock.ts'
import type { Asked, AuthorizationRequest, CallbackMeaning, CodeExchange, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { postForm, readTokenAnswer, type TokenAnswer } from '../oauth2.ts'
import { noRefreshToken, refusedHost, silenceOf } from '../refusals.ts'
import { tokenHosts } from '../token-hosts.ts'
import { readEntraCallback, readEntraRefusal } from './verdicts.ts'

/** The clouds' login hosts: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (2026-11). */
const LOGIN_DOMAINS = ['microsoftonline.com', 'microsoftonline.us', 'chinacloudapi.cn']

export interface EntraConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** `https://login.microsoftonline.com`, with or without a tenant as path. */
  readonly loginUrl: string
}

interface EntraDeps {
  readonly http: Http
  readonly clock: Clock
  /** The provider as people write it. */
  readonly label: string
  /** The one permission of the one resource that is asked for; one request can't ask for two resources (AADSTS700022). */
  readonly scope: string
  /** Where the login address names no tenant. */
  readonly tenant: 'organizations' | 'common'
  /** Origin that takes the access tokens. */
  readonly apiOrigin: string
}

/** What a provider behind Microsoft Entra (identity platform v2.0) hands on. */
export interface EntraLogin {
  readonly client: { readonly id: string; readonly tokenOrigin: string }
  authorizationUrl(request: AuthorizationRequest): string
  readCallback(error: string, description: string): CallbackMeaning
  exchangeCode(exchange: CodeExchange): Promise<Asked<Tokens>>
  refresh(tokens: Tokens): Promise<Asked<Tokens>>
  missingScopes(tokens: Tokens): readonly string[]
}

export function entraLogin(config: EntraConfig, deps: EntraDeps): EntraLogin {
  const { http, clock, label, apiOrigin } = deps
  const { origin, pathname } = new URL(config.loginUrl)
  const oauth2 = `${origin}/${pathname.split('/')[1] || deps.tenant}/oauth2/v2.0`
  const tokenUrl = `${oauth2}/token`
  const hosts = tokenHosts(LOGIN_DOMAINS, config.loginUrl)
  const scope = `${deps.scope} ${OFFLINE}`
  const client = { client_id: config.clientId, client_secret: config.clientSecret }

  async function askForTokens(form: Record<string, string>, old: Tokens | null): Promise<Asked<Tokens>> {
    if (!hosts.allows(tokenUrl)) return refusedHost(label)
    const answer = await postForm(http, tokenUrl, { ...form, scope, ...client })
    if (answer.kind === 'no_answer') return silenceOf(label, answer)
    const token = answer.status === 200 ? readTokenAnswer(answer.json) : null
    return token === null ? readEntraRefusal(answer) : { kind: 'ok', value: tokensOf(token, old) }
  }

  /**
   * Each refresh gives a new refresh token and leaves the old one working; the 90 days begin anew with it, so no day is known on which
   * it ends. https://learn.microsoft.com/entra/identity-platform/refresh-tokens (2026-11)
   */
  function tokensOf(token: TokenAnswer, old: Tokens | null): Tokens {
    return {
      accessToken: token.accessToken,
      refreshToken: token.refreshToken ?? old?.refreshToken ?? null,
      apiOrigin,
      identityUrl: null,
      scopes: token.scopes ?? old?.scopes ?? [deps.scope],
      accessExpiresAt: token.expiresInSeconds === null ? null : later(clock.now(), token.expiresInSeconds * SECOND_MS),
      refreshExpiresAt: null,
    }
  }

  return {
    client: { id: config.clientId, tokenOrigin: origin },
    authorizationUrl: (request) => authorizationUrl(`${oauth2}/authorize`, { clientId: config.clientId, scope }, request),
    readCallback: (error, description) => readEntraCallback(label, error, description),
    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      askForTokens({ grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri }, null),
    async refresh(tokens) {
      if (tokens.refreshToken === null) return noRefreshToken(label)
      return askForTokens({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, tokens)
    },
    missingScopes: (tokens) => missingScopes(deps.scope, tokens),
  }
}

/** Without it no refresh token comes; the answer of the token endpoint does not name it among the scopes. */
const OFFLINE = 'offline_access'

/**
 * `select_account` shows which account is taken, also where the browser is logged in with another one.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (2026-11)
 */
function authorizationUrl(
  endpoint: string,
  { clientId, scope }: { readonly clientId: string; readonly scope: string },
  request: AuthorizationRequest,
): string {
  const url = new URL(endpoint)
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: request.redirectUri,
    response_mode: 'query',
    scope,
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    prompt: 'select_account',
    ...(request.loginHint !== null && { login_hint: request.loginHint }),
  }).toString()
  return url.href
}

function missingScopes(scope: string, { scopes, refreshToken }: Tokens): readonly string[] {
  const missing: string[] = []
  if (!scopes.some((granted) => granted.toLowerCase() === scope.toLowerCase())) missing.push(scope)
  if (refreshToken === null) missing.push(OFFLINE)
  return missing
}
