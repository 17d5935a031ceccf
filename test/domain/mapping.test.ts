import { expect, test } from 'vitest'
import { recordMaker } from '../../src/domain/outbox/mapping.ts'
import type { Touchpoint } from '../../src/domain/outbox/touchpoint-schema.ts'

const touchpoint = (id: string): Touchpoint => ({
  id,
  occurredAt: '2026-11-23T09:00:00Z',
  campaignId: 'spring',
  custom: { Key__c: 'of another' },
})

test('touchpoints keep ids of their own also by a mapping that names the external id field for something else', () => {
  const target = { object: 'Touch__c', externalIdField: 'Key__c', fields: { campaignId: 'Key__c' }, custom: ['Key__c'] }
  const toRecord = recordMaker({ touchpoints: target, attribution: null })
  expect(['a', 'b'].map((id) => toRecord(touchpoint(id)).record)).toEqual([{ Key__c: 'a' }, { Key__c: 'b' }])
})
