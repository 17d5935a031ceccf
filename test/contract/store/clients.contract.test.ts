import { expect, test } from 'vitest'
import type { Client } from '../../../src/domain/access/clients.ts'
import type { Sealed } from '../../../src/domain/access/secrets.ts'
import { addConnection, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function aClient(over: Partial<Client> = {}): Client {
  return {
    provider: 'salesforce',
    label: 'acme-eu',
    clientId: '3MVG9.eu',
    tokenOrigin: 'https://acme-eu.my.salesforce.com',
    sealed: 'sealed-1' as Sealed,
    addedAt: at(0),
    ...over,
  }
}

contract('clients', (world) => {
  test('keeps them by provider and label, and takes another secret', async () => {
    const { clients } = world().store
    expect(await clients.put(aClient({ label: 'b', clientId: 'b' }))).toBe('added')
    expect(await clients.put(aClient())).toBe('added')
    expect(await clients.put(aClient({ sealed: 'sealed-2' as Sealed, addedAt: at(1) }))).toBe('replaced')
    expect(await clients.all()).toEqual([
      aClient({ sealed: 'sealed-2' as Sealed, addedAt: at(1) }),
      aClient({ label: 'b', clientId: 'b' }),
    ])
  })

  test('one client has one label', async () => {
    const { clients } = world().store
    await clients.put(aClient())
    expect(await clients.put(aClient({ label: 'other' }))).toBe('taken')
    expect(await clients.put(aClient({ label: 'other', tokenOrigin: 'https://test.salesforce.com' }))).toBe('added')
    expect(await clients.put(aClient({ label: 'other' }))).toBe('taken')
    expect((await clients.all()).map(({ tokenOrigin }) => tokenOrigin)).toEqual([
      'https://acme-eu.my.salesforce.com',
      'https://test.salesforce.com',
    ])
  })

  test('what a login was made with is neither changed nor removed, but takes another secret', async () => {
    const { store } = world()
    const { grantId } = await addConnection(store)
    const grant = (await store.grants.find(grantId))!
    const used = aClient({ clientId: grant.clientId, tokenOrigin: grant.tokenOrigin })
    await store.clients.put(used)
    expect(await store.clients.put({ ...used, clientId: 'another' })).toBe('in_use')
    expect(await store.clients.remove('salesforce', 'acme-eu')).toBe('in_use')
    expect(await store.clients.put({ ...used, sealed: 'new' as Sealed })).toBe('replaced')
    expect(await store.clients.all()).toEqual([{ ...used, sealed: 'new' }])
  })

  test('forgets what nobody uses', async () => {
    const { clients } = world().store
    await clients.put(aClient())
    expect(await clients.remove('salesforce', 'nothing')).toBe('unknown')
    expect(await clients.remove('hubspot', 'acme-eu')).toBe('unknown')
    expect(await clients.remove('salesforce', 'acme-eu')).toBe('removed')
    expect(await clients.all()).toEqual([])
  })

  test('a secret is sealed anew only if it is the one that was seen', async () => {
    const { clients } = world().store
    await clients.put(aClient())
    await clients.put(aClient({ sealed: 'newer' as Sealed }))
    expect(await clients.reseal(aClient(), 'anew' as Sealed)).toBe(false)
    expect(await clients.reseal(aClient({ sealed: 'newer' as Sealed }), 'anew' as Sealed)).toBe(true)
    expect((await clients.all())[0]?.sealed).toBe('anew')
  })
})
