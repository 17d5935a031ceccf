/** A field as the fake keeps it; `describe.ts` fills in what a real describe says beside it. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'id' | 'string' | 'textarea' | 'url' | 'email' | 'datetime' | 'double' | 'boolean' | 'picklist' | 'reference'
  readonly length: number
  readonly nillable: boolean
  readonly createable: boolean
  readonly updateable: boolean
  readonly externalId: boolean
  /** Default: as an external id is. */
  readonly unique?: boolean
  readonly caseSensitive: boolean
  readonly autoNumber: boolean
  readonly referenceTo: readonly string[]
  /** Null for all but picklists; a restricted one refuses other values. */
  readonly picklist: { readonly values: readonly string[]; readonly isRestricted: boolean } | null
}

export interface ObjectSeed {
  readonly name: string
  readonly label: string
  readonly labelPlural: string
  readonly keyPrefix: string
  readonly fields: readonly Field[]
}

export const KEY_PREFIXES: Record<string, string> = {
  Account: '001',
  Contact: '003',
  User: '005',
  Opportunity: '006',
  Lead: '00Q',
  Case: '500',
  Campaign: '701',
  bizible2__Bizible_Touchpoint__c: 'a0B',
  bizible2__Bizible_Attribution_Touchpoint__c: 'a0A',
  bizible2__Bizible_Person__c: 'a09',
  Redkey_Touchpoint__c: 'a1T',
}

/** Touchpoint fields of the Marketo Measure package; lengths are the package's usual 255 and 1,024 (guess). */
const MEASURE_TEXTS = [
  'Touchpoint_Type',
  'Touchpoint_Source',
  'Touchpoint_Position',
  'Marketing_Channel',
  'Marketing_Channel_Path',
  'Medium',
  'Ad_Id',
  'Ad_Content',
  'Ad_Group_Id',
  'Ad_Group_Name',
  'Ad_Campaign_Id',
  'Ad_Campaign_Name',
  'Keyword_Id',
  'Keyword_Text',
  'Keyword_MatchType',
]
const MEASURE_URLS = [
  'Ad_Destination_URL',
  'Landing_Page',
  'Landing_Page_Raw',
  'Form_URL',
  'Form_URL_Raw',
  'Referrer_Page',
  'Referrer_Page_Raw',
]
const MEASURE_COUNTS = ['Count_First_Touch', 'Count_Lead_Creation_Touch', 'Count_U_Shaped']

/**
 * The objects of a fresh org. `caseSensitive` is that of every external id in it; the package's own is not. `hasPackage`: with Marketo
 * Measure, and an object that somebody has made for touchpoints.
 */
export function seedObjects(caseSensitive: boolean, hasPackage: boolean): readonly ObjectSeed[] {
  const measure = (name: string, label: string, lookups: readonly string[]): ObjectSeed => ({
    name,
    label,
    labelPlural: `${label}s`,
    keyPrefix: KEY_PREFIXES[name] ?? 'a00',
    fields: [
      ...systemFields(),
      field('Name', {
        label: `${label} Number`,
        length: 80,
        nillable: false,
        autoNumber: true,
        createable: false,
        updateable: false,
      }),
      field('bizible2__UniqueId__c', { label: 'Unique Id', externalId: true, caseSensitive }),
      field('bizible2__Touchpoint_Date__c', { label: 'Touchpoint Date', type: 'datetime', length: 0 }),
      ...MEASURE_TEXTS.map((text) => field(`bizible2__${text}__c`)),
      ...MEASURE_URLS.map((url) => field(`bizible2__${url}__c`, { type: 'textarea', length: 1024 })),
      ...MEASURE_COUNTS.map((count) => field(`bizible2__${count}__c`, { type: 'double', length: 0 })),
      lookup('bizible2__SF_Campaign__c', 'Campaign'),
      lookup('bizible2__Bizible_Person__c', 'bizible2__Bizible_Person__c'),
      ...lookups.map((target) => lookup(`bizible2__${target}__c`, target)),
    ],
  })
  const ofPackage = [
    measure('bizible2__Bizible_Touchpoint__c', 'Buyer Touchpoint', ['Lead', 'Contact', 'Account', 'Case']),
    measure('bizible2__Bizible_Attribution_Touchpoint__c', 'Buyer Attribution Touchpoint', ['Contact', 'Account', 'Opportunity']),
    {
      name: 'bizible2__Bizible_Person__c',
      label: 'Bizible Person',
      labelPlural: 'Bizible Persons',
      keyPrefix: 'a09',
      fields: [
        ...systemFields(),
        field('Name', { length: 80 }),
        field('bizible2__UniqueId__c', { label: 'Unique Id', externalId: true, caseSensitive }),
        ...['Lead', 'Contact', 'Case'].map((target) => lookup(`bizible2__${target}__c`, target)),
      ],
    },
    plainTouchpoint(caseSensitive),
  ]
  return [
    ...(hasPackage ? ofPackage : []),
    standard('Lead', [field('LastName', { length: 80, nillable: false }), field('Company', { nillable: false }), emailField()]),
    standard('Contact', [field('LastName', { length: 80, nillable: false }), emailField(), lookup('AccountId', 'Account')]),
    standard('Account', [field('Name', { nillable: false }), field('Website', { type: 'url' })]),
  ]
}

function plainTouchpoint(caseSensitive: boolean): ObjectSeed {
  return {
    name: 'Redkey_Touchpoint__c',
    label: 'Redkey Touchpoint',
    labelPlural: 'Redkey Touchpoints',
    keyPrefix: 'a1T',
    fields: [
      ...systemFields(),
      field('Name', { length: 80, nillable: true }),
      field('Touch_Key__c', { externalId: true, caseSensitive }),
      field('Occurred_At__c', { type: 'datetime', length: 0, nillable: false }),
      ...['Type__c', 'Channel__c', 'Source__c', 'Medium__c', 'Campaign_Name__c', 'Keyword__c'].map((name) => field(name)),
      field('Landing_Page__c', { type: 'url' }),
      field('Position__c', { type: 'picklist', picklist: { values: ['FT', 'LC', 'OC', 'CW'], isRestricted: true } }),
      ...['Lead', 'Contact', 'Account', 'Opportunity'].map((target) => lookup(`${target}__c`, target)),
    ],
  }
}

function standard(name: string, fields: readonly Field[]): ObjectSeed {
  return {
    name,
    label: name,
    labelPlural: `${name}s`,
    keyPrefix: KEY_PREFIXES[name] ?? '000',
    fields: [...systemFields(), ...fields],
  }
}

export function systemFields(): Field[] {
  const readOnly = { nillable: false, createable: false, updateable: false }
  return [
    field('Id', { label: 'Record ID', type: 'id', length: 18, ...readOnly }),
    field('OwnerId', { label: 'Owner ID', type: 'reference', length: 18, referenceTo: ['User'] }),
    field('CreatedDate', { type: 'datetime', length: 0, ...readOnly }),
    field('LastModifiedDate', { type: 'datetime', length: 0, ...readOnly }),
  ]
}

function emailField(): Field {
  return field('Email', { type: 'email', length: 80 })
}

function lookup(name: string, target: string): Field {
  return field(name, { type: 'reference', length: 18, referenceTo: [target] })
}

export function field(name: string, with_: Partial<Field> = {}): Field {
  return {
    name,
    label: labelOf(name),
    type: 'string',
    length: 255,
    nillable: true,
    createable: true,
    updateable: true,
    externalId: false,
    caseSensitive: false,
    autoNumber: false,
    referenceTo: [],
    picklist: null,
    ...with_,
  }
}

/** `bizible2__Ad_Group_Name__c` is shown as `Ad Group Name`. */
function labelOf(name: string): string {
  return name
    .replace(/^bizible2__/, '')
    .replace(/__c$/, '')
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
}
