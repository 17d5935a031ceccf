import type { Clock } from '../../../clock.ts'
import type { AdPlatform } from '../../../domain/ads.ts'
import type { Asked, AuthorizationRequest, Tokens } from '../../../domain/provider.ts'
import type { Http, HttpAnswer } from '../http.ts'
import { readTokenAnswer } from '../oauth2.ts'
import { tokenHosts } from '../token-hosts.ts'
import { describeAccount, identify, readAccount } from './accounts.ts'
import { adsSince } from './ads.ts'
import { COST_REACH, costs } from './costs.ts'
import { createGraph, GRAPH_VERSION, unreadable } from './graph.ts'
import { endOf, inspect, mayNotChange, readsAds, settle, troubleOf, type Use } from './inspect.ts'
import { createOrigins } from './origins.ts'
import { TAG_CHOICES } from './tag-choices.ts'
import { CONSEQUENCE, tagAd, untagAd } from './tagging.ts'
import { readCallback } from './verdicts.ts'

/**
 * The first reads ad accounts, costs and ads; the other changes ads, for URL parameters, and may be left out.
 * https://developers.facebook.com/docs/permissions (2026-11)
 */
export const META_SCOPES = { required: ['ads_read'], optional: ['ads_management'] } as const

export interface MetaConfig {
  readonly clientId: string
  readonly clientSecret: string
  readonly loginUrl: string
  readonly apiUrl: string
}

interface MetaDeps {
  readonly http: Http
  readonly clock: Clock
}

/**
 * Meta knows no refresh tokens: a short token is exchanged for one of about 60 days at once, and a token that lives may be exchanged
 * again; whether the new one lives longer is Meta's business, so its own dates are read each time. An expired token can't be exchanged.
 * https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived (2026-11)
 */
export function meta(config: MetaConfig, { http, clock }: MetaDeps): AdPlatform {
  const apiOrigin = new URL(config.apiUrl).origin
  const hosts = tokenHosts(['facebook.com'], config.apiUrl)
  const client = { id: config.clientId, secret: config.clientSecret }
  const graph = createGraph({ http, hosts, apiUrl: config.apiUrl, client })
  const ads = { graph, origins: createOrigins(graph) }

  async function lengthen(accessToken: string): Promise<Asked<Tokens>> {
    const exchanged = accessTokenIn(await graph.token({ grant_type: 'fb_exchange_token', fb_exchange_token: accessToken }))
    if (exchanged.kind !== 'ok') return exchanged
    const inspected = await inspect(graph, exchanged.value)
    if (inspected.kind !== 'ok') return inspected
    const { scopes, expiresAt } = inspected.value
    return {
      kind: 'ok',
      value: {
        accessToken: exchanged.value,
        refreshToken: null,
        apiOrigin,
        identityUrl: null,
        scopes,
        accessExpiresAt: expiresAt,
        refreshExpiresAt: endOf(inspected.value),
      },
    }
  }

  /** A refusal is looked into before it is believed. */
  async function settled<T>(tokens: Tokens, asked: Promise<Asked<T>>, use: Use = 'reads'): Promise<Asked<T>> {
    const answer = await asked
    return answer.kind === 'ok' ? answer : settle(graph, tokens, answer, clock.now(), use)
  }

  /** Without the permission nothing is begun. */
  function changing<T>(tokens: Tokens, change: () => Promise<Asked<T>>): Promise<Asked<T>> {
    return tokens.scopes.includes('ads_management') ? settled(tokens, change(), 'changes') : Promise.resolve(mayNotChange())
  }

  return {
    name: 'meta',
    kind: 'ads',
    label: 'Meta Ads',
    client: { id: config.clientId, tokenOrigin: apiOrigin },
    endsBecause: 'Meta ends every login after about 60 days, and the access to data 90 days after the person was last active.',
    readCallback,
    authorizationUrl: (request) => authorizationUrl(config, request),
    async exchangeCode({ code, codeVerifier, redirectUri }) {
      const short = accessTokenIn(await graph.token({ code, code_verifier: codeVerifier, redirect_uri: redirectUri }))
      return short.kind === 'ok' ? lengthen(short.value) : short
    },
    refresh: ({ accessToken }) => lengthen(accessToken),
    missingScopes: ({ scopes }) => (readsAds(scopes) ? [] : META_SCOPES.required),
    identify: (tokens) => settled(tokens, identify(graph, tokens)),
    probe: (tokens, account) => settled(tokens, readAccount(graph, tokens, account)),
    async probeLogin({ accessToken }) {
      const inspected = await inspect(graph, accessToken)
      if (inspected.kind !== 'ok') return inspected
      return troubleOf(inspected.value, clock.now()) ?? { kind: 'ok', value: null }
    },
    costReach: COST_REACH,
    describeAccount: (tokens, account) => settled(tokens, describeAccount(graph, tokens, account)),
    costs: (tokens, order) => settled(tokens, costs({ graph, clock }, tokens, order)),
    adsSince: (tokens, account, since, take) => settled(tokens, adsSince(ads, tokens, account, since, take)),
    tagging: {
      ...TAG_CHOICES,
      kind: 'each_ad',
      consequence: CONSEQUENCE,
      tagAd: (tokens, account, adId, parameters) => changing(tokens, () => tagAd(ads, tokens, { account, adId, parameters })),
      untagAd: (tokens, account, adId, before, after) =>
        changing(tokens, () => untagAd(ads, tokens, { account, adId }, { before, after })),
    },
  }
}

/**
 * `auth_type=rerequest` asks again for a permission that was declined before, which Meta otherwise skips in silence.
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, …/guides/permissions/request-revoke,
 * PKCE: …/guides/advanced/oidc-token (2026-11)
 */
function authorizationUrl({ loginUrl, clientId }: MetaConfig, request: AuthorizationRequest): string {
  const url = new URL(`${loginUrl}/${GRAPH_VERSION}/dialog/oauth`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    scope: [...META_SCOPES.required, ...META_SCOPES.optional].join(','),
    state: request.state,
    auth_type: 'rerequest',
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  }).toString()
  return url.href
}

function accessTokenIn(asked: Asked<HttpAnswer>): Asked<string> {
  if (asked.kind !== 'ok') return asked
  const token = readTokenAnswer(asked.value.json)
  return token === null ? unreadable() : { kind: 'ok', value: token.accessToken }
}
