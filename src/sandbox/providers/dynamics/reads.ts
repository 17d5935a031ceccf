import { ANSWERS, type Refusal } from './answers.ts'
import type { PartRequest } from './batch.ts'
import type { Environment, EnvironmentUser } from './environment.ts'
import { describeTable, guidOf, type PrivilegeType, privilegeName } from './metadata.ts'
import type { Table } from './rows.ts'

type Found = Refusal | { readonly status: 200; readonly body: object }

/** WhoAmI, the organization, users with their rights, and metadata. `null`: it is about records. */
export function readOnlyCall(
  environment: Environment,
  user: EnvironmentUser,
  { method, url, headers }: PartRequest,
  now: Date,
): Found | null {
  const [path = '', query = ''] = url.replace(/^\/api\/data\/v9\.\d\//, '').split('?', 2)
  if (method !== 'GET') return null
  if (path === 'WhoAmI' || path === 'WhoAmI()') return found(whoAmI(environment, user))
  if (path.startsWith('RetrieveCurrentOrganization(')) return organization(environment, user)
  if (path.startsWith('systemusers(')) return users(environment, user, path, new URLSearchParams(query))
  if (path.startsWith('EntityDefinitions(')) return definition(environment, path, headers.consistency === 'Strong' ? null : now)
  return null
}

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/whoamiresponse (2026-11) */
function whoAmI({ id, url }: Environment, user: EnvironmentUser): object {
  return {
    '@odata.context': `${url}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: guidOf(`${id} business unit`),
    UserId: user.id,
    OrganizationId: id,
  }
}

/** https://learn.microsoft.com/en-us/dotnet/api/microsoft.xrm.sdk.organization.organizationdetail (2026-11), without endpoints. */
function organization({ id, name, url, isSandbox, switches }: Environment, user: EnvironmentUser): Found {
  if (switches.namesHidden) return ANSWERS.noPrivilege('prvReadOrganization', 'organization', user.id)
  return found({
    '@odata.context': `${url}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.RetrieveCurrentOrganizationResponse`,
    Detail: {
      OrganizationId: id,
      FriendlyName: name,
      OrganizationVersion: '9.2.26103.00180',
      EnvironmentId: guidOf(`${id} environment`),
      DatacenterId: guidOf('datacenter'),
      Geo: 'NA',
      TenantId: '11111111-1111-4111-8111-111111111111',
      UrlName: name.toLowerCase().replaceAll(' ', ''),
      UniqueName: `unq${id.replaceAll('-', '').slice(0, 20)}`,
      State: 'Enabled',
      OrganizationType: isSandbox ? 'CustomerTest' : 'Customer',
    },
  })
}

function users(environment: Environment, user: EnvironmentUser, path: string, query: URLSearchParams): Found {
  const [, id = '', call = ''] = /^systemusers\(([^)]*)\)(?:\/Microsoft\.Dynamics\.CRM\.(\w+)\(.*\))?$/.exec(path) ?? []
  const asked = environment.users.find((one) => one.id === id)
  if (asked === undefined) return ANSWERS.noRecord('systemuser', id)
  if (call === 'RetrieveUserSetOfPrivilegesByNames') return privileges(environment, query.get('@names') ?? '[]')
  if (call === 'RetrievePrincipalAttributePrivileges') return found({ AttributePrivileges: [] })
  if (environment.switches.namesHidden) return ANSWERS.noPrivilege('prvReadUser', 'systemuser', user.id)
  return found({ systemuserid: id, domainname: asked.username, internalemailaddress: asked.username })
}

const TYPES: readonly PrivilegeType[] = ['Create', 'Read', 'Write', 'Delete', 'Assign', 'Share', 'Append', 'AppendTo']

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/retrieveusersetofprivilegesbynames (2026-11) */
function privileges(environment: Environment, names: string): Found {
  const wanted: unknown = JSON.parse(names)
  const held = environment
    .tables()
    .flatMap((table: Table) =>
      TYPES.filter((type) => environment.holds(type, table.seed.name)).map((type) => privilegeName(type, table)),
    )
  const list = Array.isArray(wanted) ? wanted.filter((name): name is string => held.includes(name)) : []
  return found({
    RolePrivileges: list.map((name) => ({ Depth: 'Global', PrivilegeId: guidOf(name), PrivilegeName: name })),
  })
}

/** `now`: of a read that is content with what was cached before. */
function definition(environment: Environment, path: string, now: Date | null): Found {
  const name = /^EntityDefinitions\(LogicalName=%27(\w+)%27\)$|^EntityDefinitions\(LogicalName='(\w+)'\)$/.exec(path)
  const wanted = name?.[1] ?? name?.[2] ?? ''
  const table = environment.table(wanted)
  if (table === null || (now !== null && environment.customizations.isTooNew(wanted, now))) return ANSWERS.noTable(wanted)
  const described = describeTable(table)
  environment.customizations.goOnWithIndexes(table)
  return found(described)
}

function found(body: object): Found {
  return { status: 200, body }
}
