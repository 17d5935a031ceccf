import type { Account, Asked, Identity, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText } from '../json.ts'
import type { WebApi } from './web-api.ts'

/** `Detail` of the answer has the names; AccessType is required. Not in `$metadata` of every environment, so its refusal is no refusal of the login. */
const ORGANIZATION = "RetrieveCurrentOrganization(AccessType=@access)?@access=Microsoft.Dynamics.CRM.EndpointAccessType'Default'"

/**
 * `Customer` and `Secondary` are production, `Default` is the environment that every tenant has.
 * https://learn.microsoft.com/en-us/dotnet/api/microsoft.xrm.sdk.organization.organizationtype (2026-11)
 */
const PRODUCTION_TYPES = ['customer', 'secondary', 'default', '0', '4', '12']

export interface Caller {
  readonly userId: string
  readonly organizationId: string
}

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/whoami (2026-11) */
export async function whoAmI(api: WebApi, tokens: Tokens): Promise<Asked<Caller>> {
  const asked = await api.get(tokens, 'WhoAmI')
  if (asked.kind !== 'ok') return asked
  const { UserId, OrganizationId } = asRecord(asked.value.json)
  const userId = asText(UserId)
  const organizationId = asText(OrganizationId)
  if (userId !== null && organizationId !== null) return { kind: 'ok', value: { userId, organizationId } }
  const explanation = 'Dynamics 365 did not say who logged in.'
  return { kind: 'transient', retryAfterMs: null, code: 'unreadable_identity', explanation }
}

/**
 * One login reaches one account, the environment of the settings. Names that this user may not read are replaced: the host for the
 * environment, which then counts as production, and the user's id for the user's name.
 */
export async function identify(api: WebApi, tokens: Tokens): Promise<Asked<Identity>> {
  const caller = await whoAmI(api, tokens)
  if (caller.kind !== 'ok') return caller
  const { userId, organizationId } = caller.value
  const account = await readAccount(api, tokens, organizationId)
  if (account.kind !== 'ok') return account
  const user = await api.get(tokens, `systemusers(${userId})?$select=domainname,internalemailaddress`)
  if (user.kind !== 'ok' && !isUnreadable(user)) return user
  const names = user.kind === 'ok' ? asRecord(user.value.json) : {}
  const username = asText(names.domainname) ?? asText(names.internalemailaddress) ?? userId
  return { kind: 'ok', value: { userId, username, accounts: [account.value] } }
}

async function readAccount(api: WebApi, tokens: Tokens, id: string): Promise<Asked<Account>> {
  const asked = await api.get(tokens, ORGANIZATION)
  if (asked.kind !== 'ok' && !isUnreadable(asked)) return asked
  const detail = asked.kind === 'ok' ? asRecord(asRecord(asked.value.json).Detail) : {}
  const { FriendlyName, OrganizationType } = detail
  const type = OrganizationType === undefined || OrganizationType === null ? 'customer' : String(OrganizationType).toLowerCase()
  const environment = PRODUCTION_TYPES.includes(type) ? 'production' : 'sandbox'
  return { kind: 'ok', value: { id, via: null, name: asText(FriendlyName) ?? new URL(tokens.apiOrigin).hostname, environment } }
}

function isUnreadable(asked: Asked<unknown>): boolean {
  return asked.kind === 'permission' || asked.kind === 'rejected' || (asked.kind !== 'ok' && asked.code === 'http_404')
}
