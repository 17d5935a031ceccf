import type { Account, Asked, Identity, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asCount, asRecord, asText } from '../json.ts'
import { postForm } from '../oauth2.ts'
import { API_VERSION, type Api } from './api.ts'
import { readSilence, readTokenRefusal } from './verdicts.ts'

interface IdentityDeps {
  readonly http: Http
  readonly api: Api
  readonly introspectUrl: string
  readonly client: Readonly<Record<string, string>>
}

/**
 * Introspection names the user and the account ("portal", Hub ID) of the token; a login is for one account, which the person picks on
 * HubSpot's page. https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens (2026-11)
 */
export async function identify({ http, api, introspectUrl, client }: IdentityDeps, tokens: Tokens): Promise<Asked<Identity>> {
  const form = { ...client, token: tokens.accessToken, token_type_hint: 'access_token' }
  const answer = await postForm(http, introspectUrl, form)
  if (answer.kind === 'no_answer') return readSilence(answer)
  const body = asRecord(answer.json)
  if (answer.status === 200 && body.active === false) return notActive()
  const [accountId, userId] = [idOf(body.hub_id), idOf(body.user_id)]
  if (answer.status !== 200) return readTokenRefusal('refresh', answer)
  if (accountId === null || userId === null) return unreadableIdentity()
  const environment = await environmentOf(api, tokens)
  if (typeof environment !== 'string') return environment
  const domain = asText(body.hub_domain)
  const name = domain === null ? `Hub ID ${accountId}` : `${domain} (Hub ID ${accountId})`
  const account = { id: accountId, via: null, name, environment }
  return { kind: 'ok', value: { userId, username: asText(body.user) ?? `user ${userId}`, accounts: [account] } }
}

const TEST_ACCOUNTS = ['SANDBOX', 'DEVELOPER_TEST', 'APP_DEVELOPER']

/**
 * `accountType`: STANDARD, SANDBOX, DEVELOPER_TEST or APP_DEVELOPER. The page asks for the scope `oauth`, some versions of the
 * specification for one that apps can't get; who may not read it is taken for production, where more care is due.
 * https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide (2026-11)
 */
async function environmentOf(api: Api, tokens: Tokens): Promise<Account['environment'] | Exclude<Asked<never>, { kind: 'ok' }>> {
  const details = await api.call(tokens, 'GET', `/account-info/${API_VERSION}/details`)
  if (details.kind === 'ok') {
    const type = asText(asRecord(details.value.json).accountType)?.toUpperCase() ?? ''
    return TEST_ACCOUNTS.includes(type) ? 'sandbox' : 'production'
  }
  const isClosed = details.kind === 'permission' && details.cause !== 'role_missing'
  const mayNotRead =
    details.kind === 'rejected' ||
    (details.kind === 'permission' && !isClosed) ||
    (details.kind === 'authorization_required' && details.cause === 'scope_missing')
  return mayNotRead ? 'production' : details
}

/** Ids are numbers; texts are taken as well. */
function idOf(value: unknown): string | null {
  return asCount(value)?.toString() ?? asText(value)
}

function notActive(): Asked<never> {
  return { kind: 'refresh', code: 'token_not_active', explanation: 'The HubSpot access has ended and is renewed.' }
}

function unreadableIdentity(): Asked<never> {
  const explanation = 'HubSpot did not say who logged in.'
  return { kind: 'transient', retryAfterMs: null, code: 'unreadable_identity', explanation }
}
