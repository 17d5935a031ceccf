import { createHash, randomBytes } from 'node:crypto'
import {
  type FakeSalesforce,
  type FakeSalesforceOptions,
  startFakeSalesforce,
} from '../../../src/sandbox/providers/salesforce/fake-salesforce.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'

export const CLIENT_ID = '3MVG9fake'
export const CLIENT_SECRET = 'fake-secret'
export const CALLBACK = 'http://localhost:3000/oauth/callback/salesforce'
export const TOUCHPOINTS = 'bizible2__Bizible_Touchpoint__c'
export const UNIQUE_ID = 'bizible2__UniqueId__c'
export const ANA = { org: 'Acme Inc', username: 'redkey@acme.example' }
export const ANA_UAT = { org: 'Acme UAT', username: 'redkey@acme.example.uat' }

export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly signature: string
  readonly scope: string
  readonly instance_url: string
  readonly id: string
  readonly token_type: string
  readonly issued_at: string
}

/** A clock that stands still until it is turned. */
export function aClock(): { now: () => Date; turn(ms: number): void } {
  let nowMs = Date.parse('2026-11-20T09:00:00Z')
  return {
    now: () => new Date(nowMs),
    turn(ms) {
      nowMs += ms
    },
  }
}

/** A fake that ends with the test: `await using salesforce = await aSalesforce()`. */
export async function aSalesforce(options: Partial<FakeSalesforceOptions> = {}): Promise<FakeSalesforce & AsyncDisposable> {
  const salesforce = await startFakeSalesforce({
    loginPort: 0,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUris: [CALLBACK],
    ...options,
  })
  return Object.assign(salesforce, { [Symbol.asyncDispose]: () => salesforce.close() })
}

export function aVerifier(): string {
  return randomBytes(32).toString('base64url')
}

export function authorizeUrl(salesforce: FakeSalesforce, verifier: string, changes: Record<string, string | null> = {}): string {
  const query: Record<string, string | null> = {
    client_id: CLIENT_ID,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'api refresh_token openid',
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...changes,
  }
  const url = new URL(`${salesforce.loginUrl}/services/oauth2/authorize`)
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
  return url.href
}

export async function codeOf(salesforce: FakeSalesforce, verifier: string, who = ANA, changes = {}): Promise<string> {
  const callback = new URL(await signIn(authorizeUrl(salesforce, verifier, changes), who))
  const code = callback.searchParams.get('code')
  if (!code) throw new Error(`No code came back: ${callback.href}`)
  return code
}

export function postToken(salesforce: FakeSalesforce, form: Record<string, string>): Promise<Response> {
  const client = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }
  return fetch(`${salesforce.loginUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...client, ...form }),
  })
}

export function redeem(
  salesforce: FakeSalesforce,
  code: string,
  verifier: string,
  changes: Record<string, string> = {},
): Promise<Response> {
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK }
  return postToken(salesforce, { ...form, ...changes })
}

export function refresh(salesforce: FakeSalesforce, refreshToken: string): Promise<Response> {
  return postToken(salesforce, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

/** The whole login, as the app does it. */
export async function connect(salesforce: FakeSalesforce, who = ANA, changes = {}): Promise<TokenAnswer> {
  const verifier = aVerifier()
  const response = await redeem(salesforce, await codeOf(salesforce, verifier, who, changes), verifier)
  if (response.status !== 200) throw new Error(`No token: ${await response.text()}`)
  return (await response.json()) as TokenAnswer
}

export function get(token: TokenAnswer, path: string): Promise<Response> {
  return fetch(`${token.instance_url}/services/data${path}`, { headers: { authorization: `Bearer ${token.access_token}` } })
}

export interface RowResult {
  readonly id?: string
  readonly success: boolean
  readonly created?: boolean
  readonly errors: readonly { statusCode: string; message: string; fields: string[] }[]
}

export function patch(token: TokenAnswer, object: string, field: string, body: unknown): Promise<Response> {
  return fetch(`${token.instance_url}/services/data/v67.0/composite/sobjects/${object}/${field}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export function touchpoint(id: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { attributes: { type: TOUCHPOINTS }, [UNIQUE_ID]: id, ...fields }
}

export async function upsert(
  token: TokenAnswer,
  records: readonly Record<string, unknown>[],
  allOrNone = false,
): Promise<RowResult[]> {
  const response = await patch(token, TOUCHPOINTS, UNIQUE_ID, { allOrNone, records })
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as RowResult[]
}
