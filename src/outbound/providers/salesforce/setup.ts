import type { CrmSetup, SetupProgress, SetupStep } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import type { Api } from './api.ts'
import { REDKEY_PRESET } from './default-mapping.ts'
import { beginDeploy, readDeploy } from './deploy.ts'
import { askForUser } from './identity.ts'
import {
  ATTRIBUTION,
  fieldsOf,
  fieldsPackage,
  grantedFields,
  KEY_FIELD,
  objectPackage,
  PERMISSION_SET,
  permissionSetPackage,
  TOUCHPOINTS,
} from './metadata.ts'

const OBJECTS = [TOUCHPOINTS, ATTRIBUTION]
const ASSIGNMENT = 'assignment'

/** Two objects with their fields, a permission set for them, and the permission set for the user who logged in. */
export function setup(api: Api): CrmSetup {
  return {
    preset: REDKEY_PRESET.name,
    async describe(tokens) {
      const steps: SetupStep[] = []
      let isWritable = true
      for (const object of OBJECTS) {
        const seen = await look(api, tokens, object)
        if (seen.kind !== 'ok') return seen
        steps.push(seen.value.step)
        isWritable &&= seen.value.isWritable
      }
      if (isWritable) return { kind: 'ok', value: [...steps, { ...RIGHTS, state: 'there' }] }
      const rights = await lookAtRights(api, tokens)
      return rights.kind === 'ok' ? { kind: 'ok', value: [...steps, ...rights.value] } : rights
    },
    async apply(tokens, step, ticket) {
      if (ticket !== null) return readDeploy(api, tokens, ticket)
      if (step.id === ASSIGNMENT) return assign(api, tokens)
      if (step.id === PERMISSION_SET) return beginDeploy(api, tokens, permissionSetPackage())
      const isNew = step.missing.length === fieldsOf(step.id).length
      return beginDeploy(api, tokens, isNew ? objectPackage(step.id) : fieldsPackage(step.id, step.missing))
    },
  }
}

interface Seen {
  readonly step: SetupStep
  /** The login may write all of its fields. */
  readonly isWritable: boolean
}

async function look(api: Api, tokens: Tokens, object: string): Promise<Asked<Seen>> {
  const wanted = fieldsOf(object)
  const described = await api.call(tokens, 'GET', `/sobjects/${object}/describe`)
  if (described.kind !== 'ok' && described.kind !== 'rejected' && described.kind !== 'permission') return described
  const answer = described.kind === 'ok' ? asRecord(described.value.json) : {}
  const fields = new Map(asList(answer.fields).map((field) => [asText(asRecord(field).name), asRecord(field)]))
  const isWritable =
    answer.createable === true && answer.updateable === true && wanted.every((name) => isWritableField(fields.get(name)))
  if (wanted.every((name) => fields.has(name))) {
    return { kind: 'ok', value: { step: stepOf(object, [], whatDiffers(object, fields.get(KEY_FIELD))), isWritable } }
  }
  // Fields that no permission set grants are in no describe, so what there is is told by the setup itself.
  const there = await fieldsThere(api, tokens, object)
  if (there.kind !== 'ok') return there
  const missing = wanted.filter((name) => !there.value.has(name.toLowerCase()))
  return { kind: 'ok', value: { step: stepOf(object, missing, null), isWritable: false } }
}

function isWritableField(field: JsonRecord | undefined): boolean {
  return field?.createable === true && field.updateable === true
}

function whatDiffers(object: string, key: JsonRecord | undefined): string | null {
  if (key?.externalId === true && key.unique === true && key.caseSensitive === true) return null
  return `In Setup, open Object Manager › ${object} › Fields › ${KEY_FIELD} and make it an External ID, Unique, and case-sensitive. Redkey changes nothing that is there.`
}

function stepOf(object: string, missing: readonly string[], differs: string | null): SetupStep {
  const all = fieldsOf(object)
  const isNew = missing.length === all.length
  const says =
    isNew || missing.length === 0
      ? `Custom object ${object} with ${all.length} fields, external id ${KEY_FIELD}`
      : `${missing.length} more fields of ${object}: ${missing.join(', ')}`
  return {
    id: object,
    says,
    missing,
    state: differs === null ? (missing.length > 0 ? 'missing' : 'there') : 'different',
    differs,
  }
}

/**
 * Names of the custom fields of an object, in small letters; of none when it is not there.
 * https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm (2026-11)
 */
async function fieldsThere(api: Api, tokens: Tokens, object: string): Promise<Asked<ReadonlySet<string>>> {
  const developerName = object.replace(/__c$/, '')
  const objects = await query(
    api,
    tokens,
    '/tooling',
    `SELECT Id FROM CustomObject WHERE DeveloperName = '${developerName}' AND NamespacePrefix = null`,
  )
  if (objects.kind !== 'ok') return objects
  const id = asText(objects.value[0]?.Id)
  if (id === null) return { kind: 'ok', value: new Set() }
  const fields = await query(api, tokens, '/tooling', `SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = '${id}'`)
  if (fields.kind !== 'ok') return fields
  return { kind: 'ok', value: new Set(fields.value.map((field) => `${asText(field.DeveloperName)}__c`.toLowerCase())) }
}

const RIGHTS: Omit<SetupStep, 'state'> = {
  id: ASSIGNMENT,
  says: `Permission set ${PERMISSION_SET} for the user who logged in`,
  missing: [],
  differs: null,
}

async function lookAtRights(api: Api, tokens: Tokens): Promise<Asked<readonly SetupStep[]>> {
  const found = await permissionSet(api, tokens)
  if (found.kind !== 'ok') return found
  const set = {
    id: PERMISSION_SET,
    says: `Permission set ${PERMISSION_SET}: read and write these objects`,
    missing: [],
    differs: null,
  }
  if (found.value === null)
    return {
      kind: 'ok',
      value: [
        { ...set, state: 'missing' },
        { ...RIGHTS, state: 'missing' },
      ],
    }
  const granted = await query(api, tokens, '', `SELECT Field FROM FieldPermissions WHERE ParentId = '${found.value}'`)
  if (granted.kind !== 'ok') return granted
  const fields = new Set(granted.value.map((one) => asText(one.Field)))
  const isWhole = grantedFields().every((field) => fields.has(field))
  const user = await userId(api, tokens)
  if (user.kind !== 'ok') return user
  const assigned = await query(
    api,
    tokens,
    '',
    `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '${found.value}' AND AssigneeId = '${user.value}'`,
  )
  if (assigned.kind !== 'ok') return assigned
  return {
    kind: 'ok',
    value: [
      { ...set, state: isWhole ? 'there' : 'missing' },
      { ...RIGHTS, state: assigned.value.length > 0 ? 'there' : 'missing' },
    ],
  }
}

async function assign(api: Api, tokens: Tokens): Promise<Asked<SetupProgress>> {
  const set = await permissionSet(api, tokens)
  if (set.kind !== 'ok') return set
  const user = await userId(api, tokens)
  if (user.kind !== 'ok') return user
  const body = { AssigneeId: user.value, PermissionSetId: set.value }
  const made = await api.post(tokens, '/sobjects/PermissionSetAssignment', body)
  if (made.kind === 'ok') return { kind: 'ok', value: { kind: 'done' } }
  if (made.kind !== 'permission' && made.kind !== 'rejected') return made
  return lacks(
    made,
    `Salesforce did not give the permission set ${PERMISSION_SET} to the user who logged in. A Salesforce admin does it in Setup › Permission Sets › Manage Assignments, or grants "Assign Permission Sets".`,
  )
}

async function permissionSet(api: Api, tokens: Tokens): Promise<Asked<string | null>> {
  const found = await query(api, tokens, '', `SELECT Id FROM PermissionSet WHERE Name = '${PERMISSION_SET}'`)
  return found.kind === 'ok' ? { kind: 'ok', value: asText(found.value[0]?.Id) } : found
}

async function userId(api: Api, tokens: Tokens): Promise<Asked<string>> {
  const user = await askForUser(api, tokens)
  if (user.kind !== 'ok') return user
  const id = asText(asRecord(user.value.json).user_id)
  if (id !== null && /^\w{15,18}$/.test(id)) return { kind: 'ok', value: id }
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_identity',
    explanation: 'Salesforce did not say who logged in.',
  }
}

async function query(api: Api, tokens: Tokens, base: string, soql: string): Promise<Asked<readonly JsonRecord[]>> {
  const asked = await api.call(tokens, 'GET', `${base}/query?q=${encodeURIComponent(soql)}`)
  if (asked.kind === 'ok') return { kind: 'ok', value: asList(asRecord(asked.value.json).records).map(asRecord) }
  if (asked.kind !== 'permission' && asked.kind !== 'rejected') return asked
  return lacks(
    asked,
    'The Salesforce user may not see what is set up in the org. A Salesforce admin grants "View Setup and Configuration".',
  )
}

function lacks({ code }: Verdict, explanation: string): Verdict {
  return { kind: 'permission', cause: 'role_missing', code, explanation }
}
