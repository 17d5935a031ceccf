import { expect, test } from 'vitest'
import { isCrm } from '../../../src/domain/crm.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { createProviders } from '../../../src/outbound/providers/registry.ts'
import { aClock } from './a-server.ts'

const deps = { http: createHttp(aClock()), clock: aClock() }

test('has what is configured, by name', () => {
  const config = { clientId: 'c', clientSecret: 's', loginUrl: 'https://login.salesforce.com' }
  const providers = createProviders({ salesforce: config }, deps)
  const salesforce = providers.get('salesforce')
  expect(salesforce?.label).toBe('Salesforce')
  expect(salesforce && isCrm(salesforce)).toBe(true)
  expect(providers.all()).toEqual([salesforce])
  expect(providers.get('dynamics')).toBeUndefined()
  expect(providers.get('constructor')).toBeUndefined()
})

test('has nothing that is not configured', () => {
  const providers = createProviders({ salesforce: undefined }, deps)
  expect(providers.all()).toEqual([])
  expect(providers.get('salesforce')).toBeUndefined()
})
