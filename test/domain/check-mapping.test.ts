import { expect, test } from 'vitest'
import type { CrmField, CrmObject, ObjectMapping } from '../../src/domain/crm.ts'
import { checkObject, mappingSchema } from '../../src/domain/outbox/change-mapping.ts'

const field = (name: string, over: Partial<CrmField> = {}): CrmField => ({
  name,
  label: name,
  type: 'string',
  writable: true,
  externalId: false,
  ...over,
})
const OBJECT: CrmObject = {
  name: 'Touch__c',
  label: 'Touch',
  custom: true,
  writable: true,
  fields: [
    field('Key__c', { externalId: true }),
    field('Medium__c'),
    field('Extra__c'),
    field('Formula__c', { writable: false }),
    field('OwnerId'),
  ],
}
const MAPPING = { object: 'Touch__c', externalIdField: 'Key__c', fields: { medium: 'Medium__c' }, custom: ['Extra__c'] }

const check = (mapping: Partial<ObjectMapping>, object: Partial<CrmObject> = {}) =>
  checkObject('touchpoints', { ...MAPPING, ...mapping }, { ...OBJECT, ...object }).map(
    ({ path, message }) => `${path} ${message}`,
  )

test('a mapping that fits has no problems', () => {
  expect(check({})).toEqual([])
})

test('every misfit is named with its place', () => {
  expect(check({ externalIdField: 'Medium__c' })[0]).toContain(
    'touchpoints.externalIdField Medium__c is not marked as an external id',
  )
  expect(check({ externalIdField: 'Nope__c' })[0]).toContain('touchpoints.externalIdField Nope__c is not a field')
  expect(check({ fields: { medium: 'Formula__c' } })[0]).toContain("touchpoints.fields.medium Formula__c can't be written")
  expect(check({ fields: { medium: 'OwnerId' } })[0]).toContain('OwnerId is never written')
  expect(check({ custom: ['Nope__c'] })[0]).toContain('touchpoints.custom.0 Nope__c is not a field')
})

test('the external id is the id of the touchpoint, and nothing else is written to it', () => {
  expect(check({ fields: { campaignId: 'Key__c' } })[0]).toContain('touchpoints.fields.campaignId Key__c is the external id')
  expect(check({ custom: ['Key__c'] })[0]).toContain('touchpoints.custom.0 Key__c is the external id')
})

test('a field is written once, and both who would write it are named', () => {
  expect(check({ fields: { medium: 'Medium__c', source: 'Medium__c' } })).toEqual([
    'touchpoints.fields.source Medium__c is written by touchpoints.fields.medium already.',
  ])
  expect(check({ custom: ['Medium__c'] })).toEqual([
    'touchpoints.custom.0 Medium__c is written by touchpoints.fields.medium already.',
  ])
})

test("objects of the CRM's own are no targets, and neither are those that may not be written", () => {
  expect(check({}, { custom: false, name: 'User' })[0]).toContain('User is not a custom object')
  expect(check({}, { writable: false })[0]).toContain('may not create and edit')
})

test.each<[string, boolean]>([
  ['bizible2__Bizible_Touchpoint__c', true],
  ['p_redkey_touchpoint', true],
  ['2-3465404', true],
  ['3465404', false],
  ['2-', false],
  ['2-1/../contacts', false],
  ['', false],
])('an object may be called %s: %s', (object, isName) => {
  expect(mappingSchema.safeParse({ touchpoints: { ...MAPPING, object } }).success).toBe(isName)
})

test('the owner and the id of a record are never written, at HubSpot neither', () => {
  const object = { fields: [field('Key__c', { externalId: true }), field('hubspot_owner_id'), field('hs_object_id')] }
  const problems = check({ fields: { medium: 'hubspot_owner_id', source: 'hs_object_id' }, custom: [] }, object)
  expect(problems).toEqual([
    'touchpoints.fields.medium hubspot_owner_id is never written.',
    'touchpoints.fields.source hs_object_id is never written.',
  ])
})
