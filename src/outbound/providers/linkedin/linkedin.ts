import { type Clock, later, SECOND_MS } from '../../../clock.ts'
import type { AdPlatform } from '../../../domain/ads.ts'
import type { Asked, AuthorizationRequest, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asCount, asRecord, asText } from '../json.ts'
import { authorize, stale, verdictOf } from '../meaning.ts'
import { postForm, readTokenAnswer, type TokenAnswer } from '../oauth2.ts'
import { refusedHost } from '../refusals.ts'
import { tokenHosts } from '../token-hosts.ts'
import { describeAccount, identify, readAccount } from './accounts.ts'
import { takeAdsSince } from './ads.ts'
import { createApi } from './api.ts'
import { LINKEDIN_REACH, takeCosts } from './costs.ts'
import { createTagging } from './tagging.ts'
import { readApiAnswer, readCallback, readSilence, readTokenRefusal } from './verdicts.ts'

/**
 * Ad accounts and reports are of the product Advertising API, the member's name of Sign In with LinkedIn using OpenID Connect; who
 * logs in grants all or none. `rw_ads` reads and changes, `r_ads` only reads: then URL parameters can't be set. https://learn.microsoft.com/linkedin/marketing/increasing-access,
 * …/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2 (2026-11)
 */
export const LINKEDIN_SCOPES = ['openid', 'profile', 'rw_ads', 'r_ads_reporting'] as const

export interface LinkedInConfig {
  readonly clientId: string
  readonly clientSecret: string
  readonly loginUrl: string
  readonly apiUrl: string
}

interface LinkedInDeps {
  readonly http: Http
  readonly clock: Clock
}

export function linkedin(config: LinkedInConfig, { http, clock }: LinkedInDeps): AdPlatform {
  const loginOrigin = new URL(config.loginUrl).origin
  const apiOrigin = new URL(config.apiUrl).origin
  const loginHosts = tokenHosts(['linkedin.com'], config.loginUrl)
  const api = createApi({ http, clock, hosts: tokenHosts(['linkedin.com'], config.apiUrl) })
  const client = { client_id: config.clientId, client_secret: config.clientSecret }

  async function askForTokens(
    stage: 'code' | 'refresh',
    form: Record<string, string>,
    old: Tokens | null,
  ): Promise<Asked<Tokens>> {
    const url = `${loginOrigin}/oauth/v2/accessToken`
    if (!loginHosts.allows(url)) return refusedHost('LinkedIn')
    const answer = await postForm(http, url, { ...form, ...client })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const token = answer.status === 200 ? readTokenAnswer(answer.json) : null
    return token === null ? readTokenRefusal(stage, answer, clock.now()) : { kind: 'ok', value: tokensOf(token, old) }
  }

  /**
   * An access token lives 60 days; a refresh token 365 days from the consent, and no refresh moves that day. An app that is not
   * approved for refresh tokens gets none, and its logins end with the access token.
   * https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens (2026-11)
   */
  function tokensOf(token: TokenAnswer, old: Tokens | null): Tokens {
    const accessExpiresAt = inSeconds(token.expiresInSeconds)
    const refreshToken = token.refreshToken ?? old?.refreshToken ?? null
    const told = inSeconds(asCount(token.body.refresh_token_expires_in))
    return {
      accessToken: token.accessToken,
      refreshToken,
      apiOrigin,
      identityUrl: null,
      scopes: scopesIn(token) ?? old?.scopes ?? LINKEDIN_SCOPES,
      accessExpiresAt,
      refreshExpiresAt: refreshToken === null ? accessExpiresAt : earlier(told, old?.refreshExpiresAt ?? null),
    }
  }

  function inSeconds(seconds: number | null): Date | null {
    return seconds === null ? null : later(clock.now(), seconds * SECOND_MS)
  }

  return {
    name: 'linkedin',
    kind: 'ads',
    label: 'LinkedIn Ads',
    client: { id: config.clientId, tokenOrigin: loginOrigin },
    endsBecause: 'LinkedIn ends every login a year after it was made, and after 60 days where the app has no refresh tokens.',
    readCallback,
    authorizationUrl: (request) => authorizationUrl(loginOrigin, config.clientId, request),
    exchangeCode: ({ code, redirectUri }) =>
      askForTokens('code', { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, null),
    async refresh(tokens) {
      if (tokens.refreshToken === null) return verdictOf(SHORT_LOGIN, 'no_refresh_token', null)
      return askForTokens('refresh', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, tokens)
    },
    missingScopes({ scopes }) {
      const needed = LINKEDIN_SCOPES.filter((scope) => scope !== 'openid' && scope !== 'profile')
      return needed.filter((scope) => !scopes.includes(scope) && !(scope === 'rw_ads' && scopes.includes('r_ads')))
    },
    identify: (tokens) => identify(api, tokens),
    probe: (tokens, account) => readAccount(api, tokens, account),
    probeLogin,
    costReach: LINKEDIN_REACH,
    describeAccount: (tokens, account) => describeAccount(api, tokens, account),
    costs: (tokens, order) => takeCosts(api, tokens, order),
    adsSince: (tokens, account, since, take) => takeAdsSince(api, tokens, account, since, take),
    tagging: createTagging(api, clock),
  }

  /** Touches no quota of the ads API. https://learn.microsoft.com/linkedin/shared/authentication/token-introspection (2026-11) */
  async function probeLogin({ accessToken }: Tokens): Promise<Asked<null>> {
    const url = `${loginOrigin}/oauth/v2/introspectToken`
    if (!loginHosts.allows(url)) return refusedHost('LinkedIn')
    const answer = await postForm(http, url, { ...client, token: accessToken })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const refusal = asText(asRecord(answer.json).error) === null ? readApiAnswer(answer, clock.now()) : null
    if (refusal !== null) return refusal
    const { active, status } = asRecord(answer.json)
    if (active === true) return { kind: 'ok', value: null }
    if (active !== false) return readTokenRefusal('refresh', answer, clock.now())
    return verdictOf(status === 'revoked' ? TAKEN_BACK : NOT_ACTIVE, `introspected_${asText(status) ?? 'inactive'}`, null)
  }
}

const SHORT_LOGIN = authorize(
  'expired',
  'certain',
  'A login at LinkedIn ends after 60 days where the app is not approved for refresh tokens. Somebody has to log in again.',
)
const TAKEN_BACK = authorize(
  'revoked',
  'ambiguous',
  'LinkedIn says that the member has taken the access back, or it was replaced by another login.',
)
const NOT_ACTIVE = stale('The LinkedIn access token has expired and is renewed.')

/**
 * No PKCE: it is for native apps, at another address, and a verifier that LinkedIn does not expect is refused. The login is shown or
 * skipped as LinkedIn likes; nothing asks for it. …/linkedin/shared/authentication/authorization-code-flow, …-native (2026-11)
 */
function authorizationUrl(loginOrigin: string, clientId: string, { redirectUri, state }: AuthorizationRequest): string {
  const url = new URL(`${loginOrigin}/oauth/v2/authorization`)
  const asked = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state, scope: LINKEDIN_SCOPES.join(' ') }
  url.search = new URLSearchParams(asked).toString()
  return url.href
}

/** Divided by blanks or commas, and percent-encoded once more at times ("URL-encoded, space-delimited list"). */
function scopesIn({ body }: TokenAnswer): readonly string[] | null {
  const text = asText(body.scope)
  return text === null ? null : text.replace(/%20|%2C|\+/gi, ' ').split(/[\s,]+/)
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}
