import { type Clock, later, SECOND_MS } from '../../../clock.ts'
import type { Crm } from '../../../domain/crm.ts'
import type { ApiUsage, Asked, AuthorizationRequest, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asCount, asRecord, asText } from '../json.ts'
import { postForm, readTokenAnswer, type TokenAnswer } from '../oauth2.ts'
import { noRefreshToken, refusedHost } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { type Api, createApi, isNotOffered, readUsage } from './api.ts'
import { bulk } from './bulk.ts'
import { DEFAULT_MAPPING, PRESETS } from './default-mapping.ts'
import { describe } from './describe.ts'
import { askForUser, identify } from './identity.ts'
import { BATCH_SIZE, push } from './push.ts'
import { setup } from './setup.ts'
import { readCallback, readSilence, readTokenRefusal } from './verdicts.ts'

/** `full` is not asked for: it gives more than is needed and no refresh token (PROVIDERS.md 2.a, read 2026-11-23). */
export const SALESFORCE_SCOPES = ['api', 'refresh_token', 'openid'] as const

/**
 * "Each connected app allows five unique approvals per user", then the oldest is revoked
 * (https://help.salesforce.com/s/articleView?id=platform.remoteaccess_request_approve.htm, read 2026-11-24).
 */
const APPROVALS_KEPT = 5

const TOKEN_DOMAINS = ['salesforce.com', 'force.com', 'salesforce.mil', 'cloudforce.com']

export interface SalesforceConfig {
  readonly clientId: string
  /** Empty for an app that needs none (PKCE alone). */
  readonly clientSecret: string
  /** `https://login.salesforce.com`, a sandbox's or a My Domain host. */
  readonly loginUrl: string
  readonly apiVersion?: string
}

interface SalesforceDeps {
  readonly http: Http
  readonly clock: Clock
}

export function salesforce(config: SalesforceConfig, { http, clock }: SalesforceDeps): Crm {
  const loginOrigin = new URL(config.loginUrl).origin
  const tokenUrl = `${loginOrigin}/services/oauth2/token`
  const hosts = tokenHosts(TOKEN_DOMAINS, config.loginUrl)
  const api = createApi({ http, clock, hosts, apiVersion: config.apiVersion })
  const client = { client_id: config.clientId, ...(config.clientSecret !== '' && { client_secret: config.clientSecret }) }

  async function askForTokens(
    stage: 'code' | 'refresh',
    form: Record<string, string>,
    old: Tokens | null,
  ): Promise<Asked<Tokens>> {
    if (!hosts.allows(tokenUrl)) return refusedHost('Salesforce')
    const answer = await postForm(http, tokenUrl, { ...form, ...client })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const token = answer.status === 200 ? readTokenAnswer(answer.json) : null
    if (token === null) return readTokenRefusal(stage, answer)
    // A refresh token that was rotated must not get lost with a wrong address: the old one then shows what is true of it.
    const apiOrigin = allowedOrigin(hosts, asText(token.body.instance_url)) ?? old?.apiOrigin ?? null
    return apiOrigin === null ? refusedHost('Salesforce') : { kind: 'ok', value: tokensOf(token, apiOrigin, old) }
  }

  /**
   * Salesforce sends no `expires_in`: an access token is a session, and lives as long as the org's settings say. Scopes that are
   * not told are those that were asked for (RFC 6749, 5.1).
   */
  function tokensOf(token: TokenAnswer, apiOrigin: string, old: Tokens | null): Tokens {
    const identityUrl = asText(token.body.id)
    return {
      accessToken: token.accessToken,
      refreshToken: token.refreshToken ?? old?.refreshToken ?? null,
      apiOrigin,
      identityUrl: identityUrl !== null && hosts.allows(identityUrl) ? identityUrl : (old?.identityUrl ?? null),
      scopes: token.scopes ?? old?.scopes ?? SALESFORCE_SCOPES,
      accessExpiresAt: token.expiresInSeconds === null ? null : later(clock.now(), token.expiresInSeconds * SECOND_MS),
      refreshExpiresAt: null,
    }
  }

  return {
    name: 'salesforce',
    kind: 'crm',
    label: 'Salesforce',
    client: { id: config.clientId, tokenOrigin: loginOrigin },
    endsBecause: null,
    approvalsKept: APPROVALS_KEPT,
    batchSize: BATCH_SIZE,
    defaultMapping: DEFAULT_MAPPING,
    presets: PRESETS,
    setup: setup(api),
    readCallback,
    authorizationUrl: (request) => authorizationUrl(loginOrigin, config.clientId, request),
    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      askForTokens(
        'code',
        { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri },
        null,
      ),
    async refresh(tokens) {
      if (tokens.refreshToken === null) return noRefreshToken('Salesforce')
      return askForTokens('refresh', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, tokens)
    },
    missingScopes,
    identify: (tokens) => identify(api, tokens),
    probe: (tokens) => probe(api, tokens),
    push: (tokens, target, records) => push(api, tokens, target, records),
    describe: (tokens, object) => describe(api, tokens, object),
    bulk: bulk(api),
  }
}

/**
 * `prompt=login` shows the login page also to somebody with a Salesforce session: without it the login of whoever sits there
 * is taken silently, and a reauthorization is often for an integration user. `select_account` asks only where the browser
 * remembers more than one. https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm (2026-11)
 */
function authorizationUrl(loginOrigin: string, clientId: string, request: AuthorizationRequest): string {
  const url = new URL(`${loginOrigin}/services/oauth2/authorize`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    scope: SALESFORCE_SCOPES.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    prompt: 'login',
    ...(request.loginHint !== null && { login_hint: request.loginHint }),
  }).toString()
  return url.href
}

/** `offline_access` is another name of `refresh_token`, and `full` covers `api` but not it (help: OAuth Tokens and Scopes, 2026-11). */
function missingScopes({ scopes, refreshToken }: Tokens): readonly string[] {
  const missing: string[] = []
  if (!scopes.includes('api') && !scopes.includes('full')) missing.push('api')
  if (refreshToken === null || !(scopes.includes('refresh_token') || scopes.includes('offline_access')))
    missing.push('refresh_token')
  return missing
}

/**
 * `/limits` needs "View Setup and Configuration"; who may not read it proves the connection by the list of resources, and where
 * that is missing as well by who logged in. A closed API is said as such: the identity service answers also then.
 */
async function probe(api: Api, tokens: Tokens): Promise<Asked<ApiUsage | null>> {
  const limits = await api.call(tokens, 'GET', '/limits')
  const listed = limits.kind === 'permission' || isNotOffered(limits) ? await api.call(tokens, 'GET', '') : limits
  const asked = isNotOffered(listed) ? await askForUser(api, tokens) : listed
  if (asked.kind !== 'ok') return asked
  return { kind: 'ok', value: readUsage(asked.value) ?? readDailyRequests(asked.value.json) }
}

/** `{"DailyApiRequests":{"Max":15000,"Remaining":14998}}`; up to five minutes old, so the header is read first. */
function readDailyRequests(json: unknown): ApiUsage | null {
  const daily = asRecord(asRecord(json).DailyApiRequests)
  const limit = asCount(daily.Max)
  const remaining = asCount(daily.Remaining)
  return limit === null || remaining === null ? null : { used: Math.max(0, limit - remaining), limit }
}
