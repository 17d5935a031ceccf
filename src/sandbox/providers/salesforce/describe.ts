import type { Field, ObjectSeed } from './objects.ts'

/**
 * What the login may do with an object. Told per record: `no_create` (new ones only) and `read_only`; told for the
 * whole call: `hidden`, as if the object did not exist, and `refused`.
 */
export type ObjectAccess = 'full' | 'no_create' | 'read_only' | 'hidden' | 'refused'

/**
 * The answer of `…/sobjects/{object}/describe`, with the members that clients read. Fields that the login can't see
 * are simply absent. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
 */
export function describeObject(seed: ObjectSeed, fields: readonly Field[], access: ObjectAccess, version: string): object {
  const canWrite = access === 'full' || access === 'no_create'
  const canCreate = access === 'full'
  const base = `/services/data/${version}/sobjects/${seed.name}`
  return {
    actionOverrides: [],
    activateable: false,
    childRelationships: [],
    createable: canCreate,
    custom: seed.name.endsWith('__c'),
    customSetting: false,
    deletable: canWrite,
    deprecatedAndHidden: false,
    feedEnabled: false,
    fields: fields.map((field) => describeField(field, canCreate, canWrite)),
    keyPrefix: seed.keyPrefix,
    label: seed.label,
    labelPlural: seed.labelPlural,
    layoutable: true,
    mergeable: false,
    name: seed.name,
    queryable: true,
    recordTypeInfos: [],
    replicateable: true,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: canWrite,
    updateable: canWrite,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  }
}

function describeField(field: Field, canCreate: boolean, canWrite: boolean): object {
  return {
    autoNumber: field.autoNumber,
    byteLength: field.length * 3,
    calculated: false,
    caseSensitive: field.caseSensitive,
    createable: canCreate && field.createable,
    custom: field.name.endsWith('__c'),
    defaultValue: null,
    defaultedOnCreate: field.name === 'OwnerId' || !field.createable,
    deprecatedAndHidden: false,
    digits: 0,
    externalId: field.externalId,
    filterable: field.type !== 'textarea',
    idLookup: field.externalId || field.type === 'id',
    label: field.label,
    length: field.length,
    name: field.name,
    nameField: field.name === 'Name',
    nillable: field.nillable,
    permissionable: field.nillable && field.createable,
    picklistValues: (field.picklist?.values ?? []).map((value) => ({
      active: true,
      defaultValue: false,
      label: value,
      validFor: null,
      value,
    })),
    precision: field.type === 'double' ? 18 : 0,
    referenceTo: field.referenceTo,
    relationshipName: field.type === 'reference' ? field.name.replace(/__c$/, '__r').replace(/Id$/, '') : null,
    restrictedPicklist: field.picklist?.isRestricted ?? false,
    scale: 0,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: field.type !== 'textarea',
    type: field.type,
    unique: field.unique ?? field.externalId,
    updateable: canWrite && field.updateable,
  }
}

const SOAP_TYPES: Record<string, string> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  datetime: 'xsd:dateTime',
  double: 'xsd:double',
  boolean: 'xsd:boolean',
}
