import type { CrmField, CrmObject } from '../../../domain/crm.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import type { Api } from './api.ts'

/**
 * What the login sees of an object: fields hidden from it are not in the answer.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm (2026-11)
 */
export async function describe(api: Api, tokens: Tokens, object: string): Promise<Asked<CrmObject>> {
  const asked = await api.call(tokens, 'GET', `/sobjects/${encodeURIComponent(object)}/describe`)
  if (asked.kind !== 'ok') return asked
  const answer = asRecord(asked.value.json)
  const value: CrmObject = {
    name: asText(answer.name) ?? object,
    label: asText(answer.label) ?? object,
    custom: answer.custom === true,
    writable: answer.createable === true && answer.updateable === true,
    fields: asList(answer.fields).map(readField),
  }
  return { kind: 'ok', value }
}

/** Writable means at creation and later: an upsert does both. */
function readField(field: unknown): CrmField {
  const { name, label, type, createable, updateable, externalId } = asRecord(field)
  return {
    name: asText(name) ?? '',
    label: asText(label) ?? '',
    type: asText(type) ?? '',
    writable: createable === true && updateable === true,
    externalId: externalId === true,
  }
}
