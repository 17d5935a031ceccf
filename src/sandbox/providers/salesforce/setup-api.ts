import { API_ERRORS, type ApiError } from './answers.ts'
import type { DataCall, DataReply } from './data-api.ts'
import type { Org } from './org.ts'
import type { Deployment } from './setup-state.ts'

/**
 * The Metadata API over REST, and the assignment of permission sets. Sources: developer.salesforce.com api_meta meta_rest_deploy.htm and
 * meta_rest_deploy_checkstatus.htm (read 2026-11); refusals are those of the SOAP calls (certinia/apex-mdapi#44), as a REST error.
 */
export function setupApi(org: Org, call: DataCall): DataReply | null {
  const [first, second, id] = call.path
  if (first === 'metadata' && second === 'deployRequest') return deployRequest(org, call, id ?? null)
  if (call.method === 'POST' && first === 'sobjects' && second === 'PermissionSetAssignment') return assign(org, call)
  return null
}

/** Beside the data: what only the setup shows. */
export function setupTable(org: Org, object: string): readonly Record<string, unknown>[] | ApiError | null {
  const { setup } = org
  const read: Readonly<Record<string, () => readonly Record<string, unknown>[]>> = {
    customobject: () =>
      org
        .tables()
        .filter(({ seed }) => seed.name.endsWith('__c'))
        .map(({ seed }) => ({
          Id: setup.objectId(seed.name),
          DeveloperName: developerName(seed.name),
          NamespacePrefix: namespaceOf(seed.name),
        })),
    customfield: () =>
      org
        .tables()
        .flatMap(({ seed }) =>
          seed.fields
            .filter(({ name }) => name.endsWith('__c'))
            .map(({ name }) => ({ TableEnumOrId: setup.objectId(seed.name), DeveloperName: developerName(name) })),
        ),
    permissionset: () => setup.permissionSets.map(({ id, name }) => ({ Id: id, Name: name })),
    fieldpermissions: () =>
      setup.permissionSets.flatMap(({ id, fields }) => fields.map((field) => ({ ParentId: id, Field: field }))),
    permissionsetassignment: () =>
      setup.permissionSets.flatMap(({ id, assignees }) =>
        assignees.map((assignee, place) => ({ Id: `${id}-${place}`, PermissionSetId: id, AssigneeId: assignee })),
      ),
  }
  const rows = read[object.toLowerCase()]
  if (!rows) return null
  if (setup.rights === 'none')
    return { status: 400, errorCode: 'INVALID_TYPE', message: `sObject type '${object}' is not supported.` }
  return rows()
}

function deployRequest(org: Org, call: DataCall, id: string | null): DataReply {
  const { setup } = org
  if (setup.rights !== 'all') return refused(MAY_NOT_DEPLOY)
  if (call.method === 'POST') {
    const zip = readZip(call)
    if (!zip) return refused(API_ERRORS.malformedJson)
    const { id } = setup.deploy(zip)
    return { kind: 'json', status: 201, json: { validatedDeployRequestId: null, id, url: `/metadata/deployRequest/${id}` } }
  }
  const found = id === null ? null : setup.deployment(id)
  if (call.method !== 'GET' || !found) return refused(API_ERRORS.notFound)
  found.looks += 1
  return { kind: 'json', status: 200, json: { id, deployResult: resultOf(found, setup.pendingFor) } }
}

function resultOf({ id, members, problem, looks }: Deployment, pendingFor: number): object {
  const total = members.length
  if (looks <= pendingFor) return { id, done: false, success: false, status: 'InProgress', numberComponentsTotal: total }
  const failures =
    problem === null ? [] : [{ fullName: members[0]?.split(':')[1], problem, problemType: 'Error', success: false }]
  return {
    id,
    done: true,
    success: problem === null,
    status: problem === null ? 'Succeeded' : 'Failed',
    numberComponentsTotal: total,
    numberComponentsDeployed: problem === null ? total : 0,
    numberComponentErrors: failures.length,
    details: { componentFailures: failures, componentSuccesses: [] },
  }
}

/** The part named `file` of a multipart body. */
function readZip({ contentType, bytes }: DataCall): Buffer | null {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(contentType)?.[1]
  if (!boundary) return null
  const head = bytes.indexOf('name="file"')
  const start = head < 0 ? -1 : bytes.indexOf('\r\n\r\n', head)
  const end = start < 0 ? -1 : bytes.indexOf(`\r\n--${boundary}`, start + 4)
  return end < 0 || !bytes.includes('"deployOptions"') ? null : bytes.subarray(start + 4, end)
}

function assign(org: Org, { body }: DataCall): DataReply {
  if (org.setup.rights !== 'all') return refused(MAY_NOT_ASSIGN)
  const { AssigneeId, PermissionSetId } = JSON.parse(body) as { AssigneeId?: string; PermissionSetId?: string }
  const id = org.setup.assign(PermissionSetId ?? '', AssigneeId ?? '')
  if (id === null) return refused({ status: 400, errorCode: 'DUPLICATE_VALUE', message: 'Duplicate PermissionSetAssignment.' })
  return { kind: 'json', status: 201, json: { id, success: true, errors: [] } }
}

const MAY_NOT_DEPLOY: ApiError = {
  status: 403,
  errorCode: 'INSUFFICIENT_ACCESS',
  message: 'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
}
const MAY_NOT_ASSIGN: ApiError = {
  status: 403,
  errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
  message: 'insufficient access rights on cross-reference id',
}

function refused({ status, errorCode, message }: ApiError): DataReply {
  return { kind: 'json', status, json: [{ message, errorCode }] }
}

function developerName(name: string): string {
  return name.replace(/^bizible2__/, '').replace(/__c$/, '')
}

function namespaceOf(name: string): string | null {
  return name.startsWith('bizible2__') ? 'bizible2' : null
}
