export interface Property {
  readonly name: string
  readonly label: string
  readonly type: 'string' | 'datetime' | 'number' | 'enumeration'
  readonly hasUniqueValue: boolean
  readonly isReadOnly: boolean
  readonly options: readonly string[]
}

export interface CustomObject {
  /** `2-3465404` */
  readonly objectTypeId: string
  readonly name: string
  readonly label: string
  readonly properties: Property[]
}

const TEXTS = [
  'touchpoint_type',
  'person_email',
  'contact_id',
  'company_id',
  'deal_id',
  'channel',
  'channel_path',
  'source',
  'medium',
  'campaign_id',
  'campaign_name',
  'ad_group_id',
  'ad_group_name',
  'ad_id',
  'ad_content',
  'keyword',
  'keyword_match_type',
  'landing_page',
  'form_url',
  'referrer_page',
]

/** What an account of the sandbox has: the object that Redkey writes to, and one of somebody else. */
export function customObjects(): readonly CustomObject[] {
  return [
    {
      objectTypeId: '2-3465404',
      name: 'redkey_touchpoint',
      label: 'Touchpoint',
      properties: [
        property('touch_key', { hasUniqueValue: true }),
        property('occurred_at', { type: 'datetime' }),
        ...TEXTS.map((name) => property(name)),
        property('position', { type: 'enumeration', options: ['FT', 'LC', 'OC', 'CW'] }),
        property('score', { type: 'number' }),
        property('hs_object_id', { type: 'number', isReadOnly: true }),
        property('hs_createdate', { type: 'datetime', isReadOnly: true }),
      ],
    },
    { objectTypeId: '2-3465405', name: 'lender', label: 'Lender', properties: [property('lender_name')] },
  ]
}

export function property(name: string, more: Partial<Property> = {}): Property {
  const words = name.replaceAll('_', ' ')
  const label = words.charAt(0).toUpperCase() + words.slice(1)
  return { name, label, type: 'string', hasUniqueValue: false, isReadOnly: false, options: [], ...more }
}

function fullyQualifiedName({ name }: CustomObject, hubId: number): string {
  return `p${hubId}_${name}`
}

/**
 * By id, by its full name, or by `p_` and its name; never by the bare name.
 * developers.hubspot.com/changelog/breaking-change-removed-support-for-referencing-custom-object-types-by-base-name (2026-11)
 */
export function isNamed(object: CustomObject, asked: string, hubId: number): boolean {
  return [object.objectTypeId, fullyQualifiedName(object, hubId), `p_${object.name}`].includes(asked.toLowerCase())
}

/** HubSpot-public-api-spec-collection, CRM Schemas 2026-03: ObjectSchema and Property, with the members that clients read. */
export function schemaOf(object: CustomObject, hubId: number, withProperties: boolean): object {
  return {
    id: object.objectTypeId.slice(2),
    objectTypeId: object.objectTypeId,
    fullyQualifiedName: fullyQualifiedName(object, hubId),
    name: object.name,
    labels: { singular: object.label, plural: `${object.label}s` },
    archived: false,
    allowsSensitiveProperties: false,
    primaryDisplayProperty: object.properties[0]?.name,
    requiredProperties: object.properties.slice(0, 1).map(({ name }) => name),
    searchableProperties: [],
    secondaryDisplayProperties: [],
    associations: [],
    properties: withProperties ? object.properties.map((one) => propertyOf(one, object.name)) : [],
  }
}

export function propertyOf({ name, label, type, hasUniqueValue, isReadOnly, options }: Property, objectName: string): object {
  return {
    name,
    label,
    type,
    fieldType: type === 'enumeration' ? 'select' : type === 'datetime' ? 'date' : 'text',
    description: '',
    groupName: `${objectName}_information`,
    options: options.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
    displayOrder: -1,
    calculated: false,
    externalOptions: false,
    archived: false,
    hasUniqueValue,
    hidden: false,
    hubspotDefined: name.startsWith('hs_'),
    modificationMetadata: { archivable: !isReadOnly, readOnlyDefinition: isReadOnly, readOnlyValue: isReadOnly },
    formField: false,
  }
}
