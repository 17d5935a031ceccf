import type { Asked, Identity, Tokens } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { type Api, isNotOffered } from './api.ts'

const ORGANIZATION = 'SELECT Id, Name, IsSandbox FROM Organization'

/**
 * The user from the identity URL that came with the tokens (userinfo without one), the org from its own record. Where that record
 * can't be read, the account gets the org id as name, and the environment from the host.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm (2026-11)
 */
export async function identify(api: Api, tokens: Tokens): Promise<Asked<Identity>> {
  const user = await askForUser(api, tokens)
  if (user.kind !== 'ok') return user
  const answer = asRecord(user.value.json)
  const accountId = asText(answer.organization_id)
  const userId = asText(answer.user_id)
  const username = asText(answer.username) ?? asText(answer.preferred_username)
  if (accountId === null || userId === null || username === null) return unreadableIdentity()

  const query = await api.call(tokens, 'GET', `/query?q=${encodeURIComponent(ORGANIZATION)}`)
  if (query.kind !== 'ok' && query.kind !== 'permission' && !isNotOffered(query)) return query
  const organization = query.kind === 'ok' ? asRecord(asList(asRecord(query.value.json).records)[0]) : {}
  return {
    kind: 'ok',
    value: identityOf({ accountId: longId(accountId), userId: longId(userId), username }, organization, tokens),
  }
}

/**
 * An identity URL may redirect to the org's own host, and no redirect is followed with a token; help ties it to the scope `id`,
 * which is not asked for. The org's userinfo says the same by the scope `openid` (help: Identity URLs, read 2026-11-23).
 */
export async function askForUser(api: Api, tokens: Tokens): Promise<Asked<HttpAnswer>> {
  if (tokens.identityUrl !== null) {
    const named = await api.get(tokens, tokens.identityUrl)
    if (named.kind === 'ok' || !(isNotOffered(named) || /^http_(30\d|403)$/.test(named.code))) return named
  }
  return api.get(tokens, `${tokens.apiOrigin}/services/oauth2/userinfo`)
}

interface User {
  readonly accountId: string
  readonly userId: string
  readonly username: string
}

function identityOf(user: User, organization: JsonRecord, tokens: Tokens): Identity {
  const isSandbox = organization.IsSandbox ?? isSandboxHost(tokens)
  const { accountId: id, userId, username } = user
  const name = asText(organization.Name) ?? id
  return { userId, username, accounts: [{ id, via: null, name, environment: isSandbox === true ? 'sandbox' : 'production' }] }
}

/** `acme--dev.sandbox.my.salesforce.com`, scratch orgs, and orgs without enhanced domains by their login host (help: My Domain URL formats, 2026-11). */
function isSandboxHost({ apiOrigin, identityUrl }: Tokens): boolean {
  const host = new URL(apiOrigin).hostname
  return (
    /\.(sandbox|scratch)\.my\./.test(host) ||
    /^[^.]+--[^.]+\./.test(host) ||
    (identityUrl ?? '').startsWith('https://test.salesforce.com/')
  )
}

/**
 * 18 characters, which differ also where case is lost; the last three say which of the first 15 are capitals.
 * Orgs and users are compared by it, and older answers have 15 characters.
 */
function longId(id: string): string {
  if (id.length !== 15) return id
  const suffix = [0, 5, 10].map((start) => {
    const capitals = [...id.slice(start, start + 5)].map((char, place) => (/[A-Z]/.test(char) ? 1 << place : 0))
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[capitals.reduce<number>((sum, bit) => sum + bit, 0)]
  })
  return id + suffix.join('')
}

function unreadableIdentity(): Asked<never> {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_identity',
    explanation: 'Salesforce did not say who logged in.',
  }
}
