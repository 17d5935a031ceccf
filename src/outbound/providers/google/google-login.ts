import { type Clock, later, SECOND_MS } from '../../../clock.ts'
import type { Asked, AuthorizationRequest, CodeExchange, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asCount, asRecord, asText } from '../json.ts'
import { postForm, readTokenAnswer, type TokenAnswer } from '../oauth2.ts'
import { noRefreshToken, refusedHost, silenceOf } from '../refusals.ts'
import { type TokenHosts, tokenHosts } from '../token-hosts.ts'
import { apiReader, readTokenRefusal } from './verdicts.ts'

/** Tokens go to hosts of this domain only: oauth2., googleads., dfareporting.googleapis.com. */
export const TOKEN_DOMAINS = ['googleapis.com']

/** Who logged in: for telling one person from another, and for what Google tells about an account (Cross-Account Protection). */
export const IDENTITY_SCOPES = ['openid', 'email']

export interface GoogleConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** `https://accounts.google.com` */
  readonly loginUrl: string
  /** `https://oauth2.googleapis.com`: `/token` and `/tokeninfo` are under it. */
  readonly tokenUrl: string
  readonly apiUrl: string
}

export interface GoogleDeps {
  readonly http: Http
  readonly clock: Clock
}

/** A scope and the words beside its box on Google's page (developers.google.com/identity/protocols/oauth2/scopes, 2026-11). */
export interface GoogleScope {
  readonly scope: string
  readonly box: string
}

/** Why a login with Google ends on a known day (developers.google.com/identity/protocols/oauth2#expiration, 2026-11). */
export const ENDS_BECAUSE =
  'Google ends logins after 7 days while the app is published as "Testing" in the Google Cloud console, and on a day that the person chose otherwise.'

export interface GoogleUser {
  readonly userId: string
  readonly username: string
}

/** Login, refresh and who-am-I of Google's accounts, which all of Google's APIs share. */
export interface GoogleLogin {
  readonly client: { readonly id: string; readonly tokenOrigin: string }
  authorizationUrl(request: AuthorizationRequest): string
  exchangeCode(exchange: CodeExchange): Promise<Asked<Tokens>>
  refresh(tokens: Tokens): Promise<Asked<Tokens>>
  missingScopes(tokens: Tokens): readonly string[]
  /** Asks Google's accounts, which costs no quota of an API. */
  user(tokens: Tokens): Promise<Asked<GoogleUser>>
  probeLogin(tokens: Tokens): Promise<Asked<null>>
}

export function googleLogin(
  label: string,
  config: GoogleConfig,
  needed: readonly GoogleScope[],
  { http, clock }: GoogleDeps,
): GoogleLogin {
  const base = config.tokenUrl.replace(/\/$/, '')
  const hosts: TokenHosts = tokenHosts(TOKEN_DOMAINS, config.tokenUrl)
  const scopes = [...IDENTITY_SCOPES, ...needed.map(({ scope }) => scope)]
  const reader = apiReader()

  async function askForTokens(
    stage: 'code' | 'refresh',
    form: Record<string, string>,
    old: Tokens | null,
  ): Promise<Asked<Tokens>> {
    if (!hosts.allows(base)) return refusedHost(label)
    const client = { client_id: config.clientId, client_secret: config.clientSecret }
    const answer = await postForm(http, `${base}/token`, { ...form, ...client })
    if (answer.kind === 'no_answer') return silenceOf(label, answer)
    const token = answer.status === 200 ? readTokenAnswer(answer.json) : null
    return token === null ? readTokenRefusal(stage, answer) : { kind: 'ok', value: tokensOf(token, old) }
  }

  /**
   * A refresh answers without `refresh_token`: it does not rotate. `refresh_token_expires_in` comes only where the login ends on a
   * known day, and is what remains of it (…/protocols/oauth2/web-server#exchange-authorization-code, 2026-11).
   */
  function tokensOf(token: TokenAnswer, old: Tokens | null): Tokens {
    const remaining = secondsOf(token.body.refresh_token_expires_in)
    return {
      accessToken: token.accessToken,
      refreshToken: token.refreshToken ?? old?.refreshToken ?? null,
      apiOrigin: new URL(config.apiUrl).origin,
      identityUrl: null,
      scopes: token.scopes ?? old?.scopes ?? scopes,
      accessExpiresAt: token.expiresInSeconds === null ? null : later(clock.now(), token.expiresInSeconds * SECOND_MS),
      refreshExpiresAt: remaining === null ? (old?.refreshExpiresAt ?? null) : later(clock.now(), remaining * SECOND_MS),
    }
  }

  /**
   * The token goes in a header, as Google's own client library sends it (google-auth-library-nodejs, getTokenInfo, 2026-11), and never
   * in the address.
   */
  async function tokenInfo(tokens: Tokens): Promise<Asked<Readonly<Record<string, unknown>>>> {
    if (!hosts.allows(base)) return refusedHost(label)
    const headers = {
      authorization: `Bearer ${tokens.accessToken}`,
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    }
    const answer = await http.send({ method: 'POST', url: `${base}/tokeninfo`, headers, body: '' })
    if (answer.kind === 'no_answer') return silenceOf(label, answer)
    const refusal = answer.json === undefined ? reader.readRefusal(answer) : reader.readAnswer(answer)
    return refusal ?? { kind: 'ok', value: asRecord(answer.json) }
  }

  return {
    client: { id: config.clientId, tokenOrigin: new URL(config.tokenUrl).origin },
    authorizationUrl: (request) => authorizationUrl(config, scopes, request),
    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      askForTokens(
        'code',
        { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri },
        null,
      ),
    async refresh(tokens) {
      if (tokens.refreshToken === null) return noRefreshToken(label)
      return askForTokens('refresh', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, tokens)
    },
    missingScopes: (tokens) => missingScopes(needed, tokens),
    async user(tokens) {
      const asked = await tokenInfo(tokens)
      if (asked.kind !== 'ok') return asked
      const userId = asText(asked.value.sub) ?? asText(asked.value.user_id)
      return userId === null
        ? { kind: 'transient', retryAfterMs: null, code: 'unreadable_identity', explanation: 'Google did not say who logged in.' }
        : { kind: 'ok', value: { userId, username: asText(asked.value.email) ?? userId } }
    },
    async probeLogin(tokens) {
      const asked = await tokenInfo(tokens)
      return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
    },
  }
}

/**
 * `access_type=offline` with `prompt=consent` gives a refresh token each time; without the latter only the first login has one.
 * `select_account` lets a browser with several Google accounts choose. `include_granted_scopes` is left out: a login for one product
 * then never depends on a box of another. developers.google.com/identity/protocols/oauth2/web-server (2026-11)
 */
function authorizationUrl(config: GoogleConfig, scopes: readonly string[], request: AuthorizationRequest): string {
  const url = new URL(`${config.loginUrl.replace(/\/$/, '')}/o/oauth2/v2/auth`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: request.redirectUri,
    scope: scopes.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent select_account',
    ...(request.loginHint !== null && { login_hint: request.loginHint }),
  }).toString()
  return url.href
}

/** Google's page has a box for each scope, and what was not ticked is told by the `scope` of the token answer alone. */
function missingScopes(needed: readonly GoogleScope[], { scopes, refreshToken }: Tokens): readonly string[] {
  const boxes = needed.filter(({ scope }) => !scopes.includes(scope)).map(({ box }) => box)
  return refreshToken === null ? [...boxes, 'lasting access (a refresh token)'] : boxes
}

function secondsOf(value: unknown): number | null {
  return asCount(value) ?? (/^\d+$/.test(asText(value) ?? '') ? Number(value) : null)
}
