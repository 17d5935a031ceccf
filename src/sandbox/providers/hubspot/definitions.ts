import { API_ERRORS, type Refusal } from './answers.ts'
import { isNamed, type Property, property, propertyOf, schemaOf } from './objects.ts'
import type { FakePortal } from './portal.ts'

type Json = Readonly<Record<string, unknown>>

/** Members that the specification requires: HubSpot-public-api-spec-collection, CRM Schemas and Properties 2026-03. */
const OBJECT_MEMBERS = [
  'allowsSensitiveProperties',
  'associatedObjects',
  'labels',
  'name',
  'properties',
  'requiredProperties',
  'searchableProperties',
  'secondaryDisplayProperties',
  'shouldCreateSameObjectAssociation',
]
const PROPERTY_MEMBERS = ['fieldType', 'label', 'name', 'type']
const FIELD_TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'textarea', 'file', 'html'],
  datetime: ['date'],
  number: ['number'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox'],
}
const MAX_UNIQUE = 10

/** `POST /crm-object-schemas/2026-03/schemas`: 201 with the whole schema. */
export function createObject(portal: FakePortal, text: string): Refusal {
  const body = parse(text)
  if (body === null) return API_ERRORS.badJson
  const { name, labels, properties, primaryDisplayProperty, ...named } = body
  const lacking = OBJECT_MEMBERS.filter((member) => body[member] === undefined)
  if (lacking.length > 0) return API_ERRORS.badDefinition(`Some required fields were not set: [${lacking.join(', ')}]`)
  if (!/^[a-z]\w*$/i.test(String(name))) return API_ERRORS.badDefinition(`${String(name)} is not a valid object name`)
  if (portal.objects().some((object) => object.name === name)) return API_ERRORS.nameTaken(String(name))
  if (portal.switches.objectsUsedUp) return API_ERRORS.objectsUsedUp
  const made = readProperties(properties, PROPERTY_MEMBERS)
  if ('status' in made) return made
  const lists = [named.requiredProperties, named.searchableProperties, named.secondaryDisplayProperties]
  const unknown = [primaryDisplayProperty, ...lists.flat()].find((one) => !made.some((own) => own.name === one))
  if (unknown !== undefined) return API_ERRORS.badDefinition(`Property ${String(unknown)} is not defined`)
  const hidden = [
    property('hs_object_id', { type: 'number', isReadOnly: true }),
    property('hs_createdate', { type: 'datetime', isReadOnly: true }),
  ]
  const label = String((labels as Json).singular)
  const object = portal.addObject({ name: String(name), label, properties: [...made, ...hidden] })
  return { status: 201, body: schemaOf(object, portal.hubId, true) }
}

/** `POST /crm/properties/2026-03/{objectType}/batch/create`: 201; refused as a whole here. */
export function createProperties(portal: FakePortal, text: string, objectType: string): Refusal {
  const object = portal.objects().find((one) => isNamed(one, objectType, portal.hubId))
  if (!object) return API_ERRORS.unknownObject(objectType)
  const made = readProperties(parse(text)?.inputs, [...PROPERTY_MEMBERS, 'groupName'])
  if ('status' in made) return made
  const taken = made.find(({ name }) => object.properties.some((one) => one.name === name))
  if (taken) return API_ERRORS.nameTaken(taken.name)
  portal.addProperties(object.name, made)
  return { status: 201, body: { status: 'COMPLETE', results: made.map((one) => propertyOf(one, object.name)) } }
}

function readProperties(given: unknown, members: readonly string[]): readonly Property[] | Refusal {
  if (!Array.isArray(given)) return API_ERRORS.badJson
  const inputs = given as readonly Json[]
  for (const input of inputs) {
    const lacking = members.filter((member) => typeof input[member] !== 'string')
    if (lacking.length > 0) return API_ERRORS.badDefinition(`Some required fields were not set: [${lacking.join(', ')}]`)
    if (!FIELD_TYPES[String(input.type)]?.includes(String(input.fieldType)))
      return API_ERRORS.badDefinition(`fieldType ${String(input.fieldType)} is not valid for type ${String(input.type)}`)
  }
  if (inputs.filter(({ hasUniqueValue }) => hasUniqueValue === true).length > MAX_UNIQUE)
    return API_ERRORS.badDefinition(`At most ${MAX_UNIQUE} properties can have unique values`)
  return inputs.map(({ name, label, type, hasUniqueValue }) =>
    property(String(name), {
      label: String(label),
      type: type as Property['type'],
      hasUniqueValue: hasUniqueValue === true,
    }),
  )
}

function parse(text: string): Json | null {
  try {
    return JSON.parse(text) as Json | null
  } catch {
    return null
  }
}
