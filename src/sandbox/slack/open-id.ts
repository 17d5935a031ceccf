import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiMethod } from './api-method.ts'
import { ApiRefusal } from './api-refusal.ts'
import { readBody } from './http-body.ts'
import type { JsonObject } from './json.ts'
import { type OAuthClient, oneTimeCodes } from './one-time-codes.ts'
import { choicePage, refusalPage } from './open-id-page.ts'
import { createSigner } from './open-id-signer.ts'
import type { Platform } from './platform.ts'
import type { World } from './world.ts'

/** What can be wrong with the next token or code. */
export type OpenIdFault =
  | 'wrong_nonce'
  | 'no_nonce'
  | 'wrong_team'
  | 'wrong_audience'
  | 'wrong_issuer'
  | 'expired_token'
  /** Signed by a key that `/openid/connect/keys` does not name, or not at all. */
  | 'foreign_key'
  | 'unsigned'
  | 'expired_code'

export interface OpenId {
  readonly methods: Record<string, ApiMethod>
  /** False: this is none of its addresses. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Strikes with the next code that is exchanged. */
  fail(fault: OpenIdFault): void
  /** The keys are others from now on; the old ones are named no more. */
  rotateKeys(): void
}

const TOKEN_LIFE_S = 300

interface Request {
  /** The workspace that was asked for. */
  readonly world: World
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string | null
}

interface Code extends Request {
  readonly userId: string
}

/**
 * Sign in with Slack (SLACK.md 2.9): the authorize page, where one chooses who one is; the token endpoint; keys and discovery. The
 * issuer is the server's own origin.
 */
export function createOpenId(
  { world: first, teams }: { readonly world: World; readonly teams: Platform['teams'] },
  client: OAuthClient | null,
  url: () => string,
): OpenId {
  const signer = createSigner()
  const waiting = new Map<string, Request>()
  const codes = oneTimeCodes<Code>(client)
  let fault: OpenIdFault | null = null

  function authorize(query: URLSearchParams): { status: number; html: string } {
    const wrong = whatIsWrong(client, query)
    if (wrong !== null) return { status: 400, html: refusalPage(wrong) }
    const id = randomBytes(12).toString('hex')
    const team = query.get('team')
    const world = teams.find((one) => one.world.identity.teamId === team)?.world ?? first
    waiting.set(id, {
      world,
      redirectUri: query.get('redirect_uri') ?? '',
      state: query.get('state') ?? '',
      nonce: query.get('nonce'),
    })
    const people = [...world.people.values()].filter(({ deleted }) => deleted !== true)
    return { status: 200, html: choicePage(world.identity, people, id) }
  }

  /** Where the browser goes on; null: nobody waits for that. */
  function choose(form: URLSearchParams): string | null {
    const request = waiting.get(form.get('request') ?? '')
    if (request === undefined) return null
    waiting.delete(form.get('request') ?? '')
    const back = new URL(request.redirectUri)
    const { world } = request
    const person = world.people.get(form.get('user') ?? '')
    if (person === undefined) back.searchParams.set('error', 'access_denied')
    else {
      back.searchParams.set('code', codes.issue({ ...request, userId: person.id }))
    }
    back.searchParams.set('state', request.state)
    return back.href
  }

  function token(args: JsonObject): JsonObject {
    const code = codes.redeem(args)
    const struck = fault
    fault = null
    if (struck === 'expired_code') throw new ApiRefusal('code_expired')
    const claims = claimsOf(code, struck)
    const how = struck === 'foreign_key' || struck === 'unsigned' ? struck : 'signed'
    return { access_token: `xoxp-${randomBytes(12).toString('hex')}`, token_type: 'Bearer', id_token: signer.sign(claims, how) }
  }

  function claimsOf(code: Code, struck: OpenIdFault | null): JsonObject {
    const { world } = code
    const teamId = world.people.get(code.userId)?.teamId ?? world.identity.teamId
    const iat = Math.floor(world.now().getTime() / 1000) - (struck === 'expired_token' ? 2 * TOKEN_LIFE_S : 0)
    const nonce = struck === 'wrong_nonce' ? randomBytes(8).toString('hex') : code.nonce
    return {
      iss: struck === 'wrong_issuer' ? 'https://slack.example' : url(),
      sub: code.userId,
      aud: struck === 'wrong_audience' ? 'another-client' : client?.clientId,
      exp: iat + TOKEN_LIFE_S,
      iat,
      auth_time: iat,
      ...(nonce === null || struck === 'no_nonce' ? {} : { nonce }),
      'https://slack.com/team_id': struck === 'wrong_team' ? 'T0ELSEWHERE' : teamId,
      'https://slack.com/user_id': code.userId,
    }
  }

  function discovery(): JsonObject {
    return {
      issuer: url(),
      authorization_endpoint: `${url()}/openid/connect/authorize`,
      token_endpoint: `${url()}/api/openid.connect.token`,
      jwks_uri: `${url()}/openid/connect/keys`,
      scopes_supported: ['openid', 'profile', 'email'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    }
  }

  return {
    methods: { 'openid.connect.token': { scope: () => null, token: 'none', run: token } },
    fail(next) {
      fault = next
    },
    rotateKeys: signer.rotate,
    async handle(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname === '/.well-known/openid-configuration') json(response, discovery())
      else if (pathname === '/openid/connect/keys') json(response, signer.keys())
      else if (pathname !== '/openid/connect/authorize') return false
      else if (request.method === 'POST') {
        const location = choose(new URLSearchParams(await readBody(request)))
        if (location === null) page(response, 400, refusalPage('This was answered already, or is too old.'))
        else response.writeHead(303, { location, 'cache-control': 'no-store' }).end()
      } else {
        const { status, html } = authorize(searchParams)
        page(response, status, html)
      }
      return true
    },
  }
}

function whatIsWrong(client: OAuthClient | null, query: URLSearchParams): string | null {
  const scopes = (query.get('scope') ?? '').split(/[ ,]+/)
  if (client === null || query.get('client_id') !== client.clientId) return 'invalid_client_id'
  if (!client.redirectUris.includes(query.get('redirect_uri') ?? '')) return 'redirect_uri did not match any configured URIs'
  if (query.get('response_type') !== 'code') return 'invalid_response_type'
  if (!scopes.includes('openid') || scopes.some((scope) => !['openid', 'profile', 'email'].includes(scope)))
    return 'invalid_scope'
  return null
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

function page(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html)
}
