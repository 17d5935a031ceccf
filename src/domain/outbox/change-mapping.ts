import { z } from 'zod'
import type { Connection } from '../connections/connection.ts'
import { type Crm, type CrmObject, isCrm, type Mapping, type ObjectMapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Asked } from '../provider.ts'
import { TOUCHPOINT_PATHS } from './touchpoint-schema.ts'

const apiName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'is not an API name of the CRM')

/** HubSpot also names its objects by number: "2-3465404". */
const objectName = z.union([z.string().regex(/^\d{1,9}-\d{1,19}$/), apiName])

const objectMappingSchema = z.strictObject({
  object: objectName,
  externalIdField: apiName,
  fields: z.partialRecord(z.enum(TOUCHPOINT_PATHS as [string, ...string[]]), apiName),
  custom: z.array(apiName).max(200).default([]),
})

export const mappingSchema = z.strictObject({
  touchpoints: objectMappingSchema,
  attribution: objectMappingSchema.nullable().default(null),
})

/** Never a target: they belong to the CRM, not to a touchpoint. */
const FORBIDDEN_FIELDS = ['Id', 'OwnerId', 'RecordTypeId', 'hs_object_id', 'hubspot_owner_id']

export interface MappingProblem {
  /** Where in the mapping, "touchpoints.fields.medium". */
  readonly path: string
  readonly message: string
}

export type MappingRead =
  | { readonly kind: 'found'; readonly mapping: Mapping; readonly isDefault: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_a_crm' }

export type MappingChange =
  | { readonly kind: 'changed'; readonly mapping: Mapping }
  | { readonly kind: 'invalid'; readonly problems: readonly MappingProblem[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_a_crm' }
  /** The CRM could not be asked whether the mapping fits; nothing was changed. */
  | { readonly kind: 'not_checked'; readonly explanation: string }

export async function readMapping(deps: Pick<Deps, 'store' | 'providers'>, teamId: string, name: string): Promise<MappingRead> {
  const found = await findCrm(deps, teamId, name)
  if (found.kind !== 'crm') return found
  const own = await deps.store.connections.mapping(found.connection.id)
  return { kind: 'found', mapping: own ?? found.crm.defaultMapping, isDefault: own === undefined || own.preset !== undefined }
}

/** Replaces the mapping, once the CRM's own describe says that every object and field is there and may be written. */
export async function changeMapping(
  deps: Pick<Deps, 'store' | 'providers' | 'grants' | 'clock' | 'newId'>,
  teamId: string,
  name: string,
  body: unknown,
): Promise<MappingChange> {
  const found = await findCrm(deps, teamId, name)
  if (found.kind !== 'crm') return found
  const parsed = mappingSchema.safeParse(body)
  if (!parsed.success) {
    return {
      kind: 'invalid',
      problems: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    }
  }
  const mapping = parsed.data as Mapping
  const problems: MappingProblem[] = []
  for (const part of ['touchpoints', 'attribution'] as const) {
    const wanted = mapping[part]
    if (!wanted) continue
    const described = await describeObject(deps, found.connection, wanted.object)
    if (described.kind === 'rejected')
      problems.push({ path: `${part}.object`, message: `${wanted.object} is not in the CRM, or the login can't see it.` })
    else if (described.kind !== 'ok') return { kind: 'not_checked', explanation: described.explanation }
    else problems.push(...checkObject(part, wanted, described.value))
  }
  if (problems.length > 0) return { kind: 'invalid', problems }
  const at = deps.clock.now()
  const { id } = found.connection
  const audit = {
    id: deps.newId(),
    teamId,
    connectionId: id,
    actor: null,
    action: 'mapping_changed' as const,
    detail: mapping.touchpoints.object,
    at,
  }
  await deps.store.connections.setMapping(id, mapping, audit)
  return { kind: 'changed', mapping }
}

function describeObject(deps: Pick<Deps, 'grants'>, connection: Connection, object: string): Promise<Asked<CrmObject>> {
  return deps.grants.ask(connection, async (tokens, provider) => {
    if (!isCrm(provider)) throw new Error(`${provider.name} is not a CRM`)
    return provider.describe(tokens, object)
  })
}

/** What is wrong with a mapping, by the CRM's own description of the object. Pure. */
export function checkObject(part: string, mapping: ObjectMapping, object: CrmObject): MappingProblem[] {
  const problems: MappingProblem[] = []
  const fields = new Map(object.fields.map((field) => [field.name, field]))
  if (!object.custom)
    problems.push({
      path: `${part}.object`,
      message: `${object.name} is not a custom object: touchpoints go to custom objects only.`,
    })
  else if (!object.writable)
    problems.push({ path: `${part}.object`, message: `The login may not create and edit ${object.name}.` })
  const key = fields.get(mapping.externalIdField)
  if (!key)
    problems.push({
      path: `${part}.externalIdField`,
      message: `${mapping.externalIdField} is not a field of ${object.name}, or the login can't see it.`,
    })
  else if (!key.externalId)
    problems.push({ path: `${part}.externalIdField`, message: `${key.name} is not marked as an external id in the CRM.` })
  const targets = [
    ...Object.entries(mapping.fields).map(([path, name]) => ({ path: `${part}.fields.${path}`, name })),
    ...mapping.custom.map((name, index) => ({ path: `${part}.custom.${index}`, name })),
  ]
  const takenBy = new Map<string, string>()
  for (const { path, name } of targets) {
    const field = fields.get(name)
    const other = takenBy.get(name)
    takenBy.set(name, path)
    if (FORBIDDEN_FIELDS.includes(name)) problems.push({ path, message: `${name} is never written.` })
    else if (name === mapping.externalIdField)
      problems.push({ path, message: `${name} is the external id, which is the touchpoint's id and nothing else.` })
    else if (other !== undefined) problems.push({ path, message: `${name} is written by ${other} already.` })
    else if (!field) problems.push({ path, message: `${name} is not a field of ${object.name}, or the login can't see it.` })
    else if (!field.writable) problems.push({ path, message: `${name} can't be written by this login.` })
  }
  return problems
}

type FoundCrm =
  | { readonly kind: 'crm'; readonly connection: Connection; readonly crm: Crm }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_a_crm' }

async function findCrm({ store, providers }: Pick<Deps, 'store' | 'providers'>, teamId: string, name: string): Promise<FoundCrm> {
  const connection = await store.connections.byName(teamId, name)
  if (!connection) return { kind: 'unknown' }
  const provider = providers.get(connection.provider)
  return provider && isCrm(provider) ? { kind: 'crm', connection, crm: provider } : { kind: 'not_a_crm' }
}
