import type { CrmField, CrmObject } from '../../../domain/crm.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { API_VERSION, type Api } from './api.ts'
import { SCOPES } from './scopes.ts'

/** All custom objects of the account, which has a few at most. https://developers.hubspot.com/docs/api-reference/latest/crm/objects/schemas/guide (2026-11) */
export const SCHEMAS_PATH = `/crm-object-schemas/${API_VERSION}/schemas`

const WRITE_SCOPE = SCOPES.required.find((scope) => scope.endsWith('.write')) ?? ''

/**
 * Looked up in the list of all, by any of its three names: `2-3465404`, `p123_touchpoint`, `p_touchpoint`
 * (https://developers.hubspot.com/changelog/breaking-change-removed-support-for-referencing-custom-object-types-by-base-name, 2026-11);
 * the page of one schema promises only the first two. Standard objects are not in it: touchpoints go to custom ones.
 */
export async function findSchema(api: Api, tokens: Tokens, object: string): Promise<Asked<JsonRecord | null>> {
  const asked = await api.call(tokens, 'GET', `${SCHEMAS_PATH}?includeAssociationDefinitions=false&includeAuditMetadata=false`)
  if (asked.kind !== 'ok') return asked
  const schemas = asList(asRecord(asked.value.json).results).map(asRecord)
  const schema = schemas.find((one) => namesOf(one).includes(object.toLowerCase()) && one.archived !== true)
  return { kind: 'ok', value: schema ?? null }
}

export async function describe(api: Api, tokens: Tokens, object: string): Promise<Asked<CrmObject>> {
  const found = await findSchema(api, tokens, object)
  if (found.kind !== 'ok') return found
  const schema = found.value
  if (schema === null) return notThere(object)
  const value: CrmObject = {
    name: asText(schema.fullyQualifiedName) ?? object,
    label: asText(asRecord(schema.labels).singular) ?? asText(schema.name) ?? object,
    custom: true,
    writable: tokens.scopes.includes(WRITE_SCOPE),
    fields: readFields(schema),
  }
  return { kind: 'ok', value }
}

function namesOf({ objectTypeId, fullyQualifiedName, name }: JsonRecord): readonly string[] {
  const names = [objectTypeId, fullyQualifiedName, typeof name === 'string' && `p_${name}`]
  return names.flatMap((one) => asText(one)?.toLowerCase() ?? [])
}

export function readFields(schema: JsonRecord): readonly CrmField[] {
  return asList(schema.properties).map(asRecord).filter(isThere).map(readField)
}

function isThere({ archived }: JsonRecord): boolean {
  return archived !== true
}

/** A record is upserted by a property whose values HubSpot keeps unique; it can't be made unique later. */
function readField({ name, label, type, hasUniqueValue, calculated, modificationMetadata }: JsonRecord): CrmField {
  return {
    name: asText(name) ?? '',
    label: asText(label) ?? '',
    type: asText(type) ?? '',
    writable: calculated !== true && asRecord(modificationMetadata).readOnlyValue !== true,
    externalId: hasUniqueValue === true,
  }
}

function notThere(object: string): Asked<never> {
  const explanation = `The HubSpot account has no custom object ${object}.`
  return { kind: 'rejected', code: 'OBJECT_TYPE_NOT_FOUND', explanation }
}
