import type { CrmField, CrmObject } from '../../../domain/crm.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import type { Table, Tables } from './table.ts'
import type { WebApi } from './web-api.ts'

interface DescribeDeps {
  readonly api: WebApi
  readonly tables: Tables
}

/**
 * Metadata tells what there is, not what the login may do, so its privileges are asked for as well: the check of a missing right
 * would take a right for given that every push lacks. Where they can't be asked for, nothing speaks against writing.
 */
export async function describe({ api, tables }: DescribeDeps, tokens: Tokens, object: string): Promise<Asked<CrmObject>> {
  const asked = await tables.read(tokens, object)
  if (asked.kind !== 'ok') return asked
  const table = asked.value
  const userId = await readUserId(api, tokens)
  const [writable, closed] = userId === null ? [true, NONE] : await askForRights(api, tokens, userId, table)
  const fields = table.columns.map(({ id, name, label, type, writable }): CrmField => {
    const isLookup = type === 'Lookup' || type === 'Customer'
    const externalId = table.keys.some((key) => key.status === 'Active' && isOnly(key.columns, name))
    return { name, label, type, writable: writable && !closed.has(id) && (!isLookup || table.lookups.has(name)), externalId }
  })
  return { kind: 'ok', value: { name: table.name, label: table.label, custom: table.custom, writable, fields } }
}

export function isOnly(columns: readonly string[], name: string): boolean {
  return columns.length === 1 && columns[0] === name
}

const NONE: ReadonlySet<string> = new Set()

async function readUserId(api: WebApi, tokens: Tokens): Promise<string | null> {
  const asked = await api.get(tokens, 'WhoAmI')
  return asked.kind === 'ok' ? asText(asRecord(asked.value.json).UserId) : null
}

/** Whether records may be created and written, and the secured columns that may not. */
async function askForRights(
  api: WebApi,
  tokens: Tokens,
  userId: string,
  table: Table,
): Promise<readonly [boolean, ReadonlySet<string>]> {
  return Promise.all([
    mayWrite(api, tokens, userId, table),
    table.columns.some(({ secured }) => secured) ? closedColumns(api, tokens, userId, table) : NONE,
  ])
}

/**
 * Of direct roles and of teams.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/retrieveusersetofprivilegesbynames (2026-11)
 */
async function mayWrite(api: WebApi, tokens: Tokens, userId: string, { privileges }: Table): Promise<boolean> {
  const needed = privileges.filter(({ type }) => type === 'Create' || type === 'Write')
  if (needed.length === 0) return true
  const names = encodeURIComponent(JSON.stringify(needed.map(({ name }) => name)))
  const path = `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=${names}`
  const asked = await api.get(tokens, path)
  if (asked.kind !== 'ok') return true
  const held = asList(asRecord(asked.value.json).RolePrivileges).map(asRecord)
  return needed.every(({ id, name }) =>
    held.some(({ PrivilegeId, PrivilegeName }) => PrivilegeId === id || PrivilegeName === name),
  )
}

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/retrieveprincipalattributeprivileges (2026-11) */
async function closedColumns(api: WebApi, tokens: Tokens, userId: string, table: Table): Promise<ReadonlySet<string>> {
  const asked = await api.get(tokens, `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivileges()`)
  if (asked.kind !== 'ok') return NONE
  const open = asList(asRecord(asked.value.json).AttributePrivileges)
    .map(asRecord)
    .filter(({ CanCreate, CanUpdate }) => Number(CanCreate) > 0 && Number(CanUpdate) > 0)
    .map(({ AttributeId }) => AttributeId)
  return new Set(table.columns.filter(({ secured, id }) => secured && !open.includes(id)).map(({ id }) => id))
}
