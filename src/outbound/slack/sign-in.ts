import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { type Clock, DAY_MS, MINUTE_MS } from '../../clock.ts'
import type { SignedIn, SignIn } from '../../domain/access/sign-in.ts'
import type { Http, HttpResult } from '../providers/http.ts'
import { asList, asRecord, asText } from '../providers/json.ts'
import { postForm } from '../providers/oauth2.ts'

export interface SignInConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** `https://slack.com/api/`; pages, keys and issuer are of the same origin. */
  readonly apiUrl: string
}

/** Keys are kept for a day; a token with a key that is not among them has them read anew, at most this often. */
const READ_ANEW_MS = 5 * MINUTE_MS
/** Our clock and Slack's may differ by this much; its tokens live for five minutes. */
const CLOCK_SKEW_S = 60

/** Refusals of `openid.connect.token` that are about our client and not about the code. */
const OURS = new Set([
  'invalid_client_id',
  'bad_client_secret',
  'bad_redirect_uri',
  'invalid_grant_type',
  'oauth_authorization_url_mismatch',
])

/**
 * OpenID Connect at Slack: https://slack.com/.well-known/openid-configuration and
 * https://docs.slack.dev/reference/methods/openid.connect.token (read 2026-11-24). Without PKCE: turning that on makes a Slack app a
 * public client for good. The nonce binds the answer to this browser. Another Slack than slack.com is taken to have the same paths below
 * its own origin, which doctor compares with what it tells. @TODO source
 */
export function slackSignIn(config: SignInConfig, { http, clock }: { readonly http: Http; readonly clock: Clock }): SignIn {
  const issuer = new URL(config.apiUrl).origin
  const keys = slackKeys(`${issuer}/openid/connect/keys`, http, clock)

  async function read(idToken: string, nonce: string): Promise<SignedIn> {
    const claims = await verify(idToken, DAY_MS).catch((cause: unknown) => {
      if (cause instanceof errors.JWKSNoMatchingKey) return verify(idToken, READ_ANEW_MS)
      throw cause
    })
    if (claims === null) return { kind: 'unreachable', reason: 'keys_unread' }
    if (claims['nonce'] !== nonce) return { kind: 'refused', reason: 'other_nonce' }
    const [teamId, userId] = [asText(claims['https://slack.com/team_id']), asText(claims['https://slack.com/user_id'])]
    if (teamId === null || userId === null) return { kind: 'refused', reason: 'nobody_named' }
    return { kind: 'ok', teamId, userId }
  }

  async function verify(idToken: string, maxAgeMs: number): Promise<JWTPayload | null> {
    const known = await keys(maxAgeMs)
    if (known === null) return null
    const { payload } = await jwtVerify(idToken, known, {
      issuer,
      audience: config.clientId,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'nonce'],
      currentDate: clock.now(),
      clockTolerance: CLOCK_SKEW_S,
    })
    return payload
  }

  return {
    authorizationUrl({ redirectUri, state, nonce, teamId }) {
      const query = { response_type: 'code', scope: 'openid', client_id: config.clientId, redirect_uri: redirectUri }
      return `${issuer}/openid/connect/authorize?${new URLSearchParams({ ...query, state, nonce, team: teamId })}`
    },

    async identify({ code, redirectUri, nonce }) {
      const answer = readAnswer(await askForToken(config, http, code, redirectUri))
      if (answer.kind !== 'token') return answer
      try {
        return await read(answer.idToken, nonce)
      } catch (cause) {
        if (cause instanceof errors.JOSEError) return { kind: 'refused', reason: cause.code }
        throw cause
      }
    },
  }
}

/** Exchanges a code; also by a made-up one, to hear whether Slack knows the client. */
export function askForToken(
  { clientId, clientSecret, apiUrl }: SignInConfig,
  http: Http,
  code: string,
  redirectUri: string,
): Promise<HttpResult> {
  const client = { client_id: clientId, client_secret: clientSecret }
  const form = { ...client, code, redirect_uri: redirectUri, grant_type: 'authorization_code' }
  return postForm(http, new URL('openid.connect.token', apiUrl).href, form)
}

export function readAnswer(
  answer: HttpResult,
): { readonly kind: 'token'; readonly idToken: string } | Exclude<SignedIn, { kind: 'ok' }> {
  if (answer.kind === 'no_answer') return { kind: 'unreachable', reason: answer.reason }
  const body = asRecord(answer.json)
  const idToken = asText(body['id_token'])
  if (body['ok'] === true && idToken !== null) return { kind: 'token', idToken }
  const code = asText(body['error'])
  if (code === null || answer.status === 429 || answer.status >= 500)
    return { kind: 'unreachable', reason: `http_${answer.status}` }
  return { kind: OURS.has(code) ? 'misconfigured' : 'refused', reason: code.slice(0, 60) }
}

type Keys = ReturnType<typeof createLocalJWKSet>

/** Slack's public keys, if they were read no longer than so long ago; null while they can't be read. */
function slackKeys(url: string, http: Http, clock: Clock): (maxAgeMs: number) => Promise<Keys | null> {
  let known: { readonly keys: Keys; readonly readAtMs: number } | null = null
  return async (maxAgeMs) => {
    const now = clock.now().getTime()
    if (known && now - known.readAtMs < maxAgeMs) return known.keys
    const answer = await http.send({ method: 'GET', url })
    const set = asRecord(answer.kind === 'answer' ? answer.json : null)
    if (asList(set['keys']).length === 0) return null
    known = { keys: createLocalJWKSet(set as unknown as JSONWebKeySet), readAtMs: now }
    return known.keys
  }
}
