import { expect, test } from 'vitest'
import { toOutboxForm as toFormOf } from '../../src/domain/outbox/canonical.ts'
import { touchpointSchema } from '../../src/domain/outbox/touchpoint-schema.ts'

const toOutboxForm = (sent: unknown) => toFormOf(touchpointSchema.parse(sent))

const base = {
  id: 'tp_1',
  occurredAt: '2026-11-20T10:00:00Z',
  medium: 'cpc',
  person: { email: 'a@example.com', leadId: null },
  custom: { A__c: 1, B__c: 'b' },
}

test('two versions that differ in key order only are the same', () => {
  const turned = {
    custom: { B__c: 'b', A__c: 1 },
    person: { leadId: null, email: 'a@example.com' },
    medium: 'cpc',
    occurredAt: '2026-11-20T10:00:00Z',
    id: 'tp_1',
  }
  expect(toOutboxForm(turned)).toEqual(toOutboxForm(base))
})

test('naming the only connection changes nothing', () => {
  expect(toOutboxForm({ ...base, connection: 'salesforce' })).toEqual(toOutboxForm(base))
})

test('a changed value, also a nested one, is another version', () => {
  expect(toOutboxForm({ ...base, medium: 'email' }).hash).not.toBe(toOutboxForm(base).hash)
  expect(toOutboxForm({ ...base, person: { email: 'b@example.com', leadId: null } }).hash).not.toBe(toOutboxForm(base).hash)
})

test('the payload holds everything that was said', () => {
  expect(JSON.parse(toOutboxForm(base).payload)).toEqual(base)
})
