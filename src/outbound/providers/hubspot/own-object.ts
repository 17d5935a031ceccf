import { DEFAULT_MAPPING } from './default-mapping.ts'

const { object, externalIdField, fields } = DEFAULT_MAPPING.touchpoints

export const OBJECT = object
/** The property with unique values. */
export const KEY = externalIdField
const NAME = object.replace(/^p_/, '')
const OCCURRED_AT = 'occurred_at'

/** Everything that the mapping names. */
export const PROPERTY_NAMES: readonly string[] = [KEY, ...Object.values(fields)]

/**
 * The body that makes the object, with every member that the specification requires. It is associated with nothing, since records
 * name contacts, companies and deals by id. HubSpot-public-api-spec-collection, CRM Schemas 2026-03, ObjectSchemaEgg;
 * https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/schemas/guide (2026-11)
 */
export function newObject(): object {
  return {
    name: NAME,
    labels: { singular: 'Redkey touchpoint', plural: 'Redkey touchpoints' },
    description: 'Marketing touchpoints that Redkey writes.',
    properties: PROPERTY_NAMES.map(definition),
    primaryDisplayProperty: KEY,
    secondaryDisplayProperties: ['touchpoint_type', 'person_email'],
    requiredProperties: [KEY],
    searchableProperties: [KEY, 'person_email'],
    associatedObjects: [],
    allowsSensitiveProperties: false,
    shouldCreateSameObjectAssociation: false,
  }
}

/** The body that adds some properties to the object, in a group that it has. */
export function newProperties(names: readonly string[], groupName: string | null): object {
  return { inputs: names.map((name) => ({ ...definition(name), groupName: groupName ?? `${NAME}_information` })) }
}

/**
 * Texts, and one point in time (`date` is how HubSpot shows a `datetime`). Whether values are unique can't be changed later.
 * https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide (2026-11)
 */
function definition(name: string): object {
  const words = name.replaceAll('_', ' ')
  const label = words.charAt(0).toUpperCase() + words.slice(1)
  const form = name === OCCURRED_AT ? { type: 'datetime', fieldType: 'date' } : { type: 'string', fieldType: 'text' }
  return { name, label, ...form, hasUniqueValue: name === KEY }
}
