import { type Clock, later, SECOND_MS } from '../../../clock.ts'
import type { Crm } from '../../../domain/crm.ts'
import type { ApiUsage, Asked, AuthorizationRequest, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asList } from '../json.ts'
import { postForm, readTokenAnswer, type TokenAnswer } from '../oauth2.ts'
import { noRefreshToken, refusedHost } from '../refusals.ts'
import { tokenHosts } from '../token-hosts.ts'
import { API_VERSION, type Api, createApi, readUsage } from './api.ts'
import { DEFAULT_MAPPING, REDKEY_PRESET } from './default-mapping.ts'
import { describe, SCHEMAS_PATH } from './describe.ts'
import { identify } from './identity.ts'
import { BATCH_SIZE, push } from './push.ts'
import { SCOPES } from './scopes.ts'
import { setup } from './setup.ts'
import { readCallback, readSilence, readTokenRefusal } from './verdicts.ts'

const TOKEN_DOMAINS = ['hubapi.com', 'hubspot.com']

export interface HubSpotConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** Where people log in. */
  readonly loginUrl: string
  /** Where tokens come from and go to. */
  readonly apiUrl: string
}

interface HubSpotDeps {
  readonly http: Http
  readonly clock: Clock
}

export function hubspot(config: HubSpotConfig, { http, clock }: HubSpotDeps): Crm {
  const apiOrigin = new URL(config.apiUrl).origin
  const tokenUrl = `${apiOrigin}/oauth/${API_VERSION}/token`
  const hosts = tokenHosts(TOKEN_DOMAINS, config.apiUrl)
  const api = createApi(http, hosts)
  const client = { client_id: config.clientId, client_secret: config.clientSecret }

  async function askForTokens(
    stage: 'code' | 'refresh',
    form: Record<string, string>,
    old: Tokens | null,
  ): Promise<Asked<Tokens>> {
    if (!hosts.allows(tokenUrl)) return refusedHost('HubSpot')
    const answer = await postForm(http, tokenUrl, { ...form, ...client })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const token = answer.status === 200 ? readTokenAnswer(answer.json) : null
    return token === null ? readTokenRefusal(stage, answer) : { kind: 'ok', value: tokensOf(token, old) }
  }

  /**
   * An access token lives for 30 minutes; a refresh token has no end and mostly comes back unchanged, but "always use the latest one".
   * https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens,
   * https://developers.hubspot.com/blog/oauth-token-management-hubspot-integrations (2026-11)
   */
  function tokensOf(token: TokenAnswer, old: Tokens | null): Tokens {
    return {
      accessToken: token.accessToken,
      refreshToken: token.refreshToken ?? old?.refreshToken ?? null,
      apiOrigin,
      identityUrl: null,
      scopes: readScopes(token) ?? old?.scopes ?? SCOPES.required,
      accessExpiresAt: token.expiresInSeconds === null ? null : later(clock.now(), token.expiresInSeconds * SECOND_MS),
      refreshExpiresAt: null,
    }
  }

  return {
    name: 'hubspot',
    kind: 'crm',
    label: 'HubSpot',
    client: { id: config.clientId, tokenOrigin: apiOrigin },
    endsBecause: null,
    batchSize: BATCH_SIZE,
    defaultMapping: DEFAULT_MAPPING,
    presets: [REDKEY_PRESET],
    setup: setup(api),
    readCallback,
    authorizationUrl: (request) => authorizationUrl(config, request),
    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      askForTokens(
        'code',
        { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri },
        null,
      ),
    async refresh(tokens) {
      if (tokens.refreshToken === null) return noRefreshToken('HubSpot')
      return askForTokens('refresh', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, tokens)
    },
    missingScopes: ({ scopes }) => SCOPES.required.filter((scope) => !scopes.includes(scope)),
    async identify(tokens) {
      const introspectUrl = `${tokenUrl}/introspect`
      return hosts.allows(introspectUrl) ? identify({ http, api, introspectUrl, client }, tokens) : refusedHost('HubSpot')
    },
    probe: (tokens) => probe(api, tokens),
    push: (tokens, target, records) => push(api, tokens, target, records),
    describe: (tokens, object) => describe(api, tokens, object),
  }
}

/** A list of texts under `scopes`, where RFC 6749 has one text under `scope`. */
function readScopes({ body, scopes }: TokenAnswer): readonly string[] | null {
  const listed = asList(body.scopes).filter((scope) => typeof scope === 'string')
  return listed.length > 0 ? listed : scopes
}

/**
 * Scopes with blanks as %20, as HubSpot's own client writes them (HubSpot/hubspot-api-nodejs OauthDiscovery.ts). PKCE: the token
 * endpoint takes `code_verifier` (HubSpot-public-api-spec-collection, oauth 2026-03). There is no `prompt`, and no hint of the
 * user: the page lets people choose the account, also with one open session (2026-11).
 */
function authorizationUrl({ loginUrl, clientId }: HubSpotConfig, request: AuthorizationRequest): string {
  const url = new URL(`${new URL(loginUrl).origin}/oauth/authorize`)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    scope: SCOPES.required.join(' '),
    optional_scope: SCOPES.optional.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  })
  url.search = query.toString().replaceAll('+', '%20')
  return url.href
}

/** The names of the custom objects: shows that the login lives, and that account and plan have custom objects. */
async function probe(api: Api, tokens: Tokens): Promise<Asked<ApiUsage | null>> {
  const lean = 'includePropertyDefinitions=false&includeAssociationDefinitions=false&includeAuditMetadata=false'
  const asked = await api.call(tokens, 'GET', `${SCHEMAS_PATH}?${lean}`)
  return asked.kind === 'ok' ? { kind: 'ok', value: readUsage(asked.value) } : asked
}
