import { expect, test } from 'vitest'
import type { Grant } from '../../../src/domain/access/grant.ts'
import type { Sealed } from '../../../src/domain/access/secrets.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

async function aStoredGrant(store: Store): Promise<Grant> {
  const { grantId } = await addConnection(store)
  const grant = await store.grants.find(grantId)
  if (!grant) throw new Error('no grant')
  return grant
}

contract('sealing a grant anew', (world) => {
  test('changes nothing but the seal, and only of the version that was read', async () => {
    const { store } = world()
    const grant = await aStoredGrant(store)
    expect(await store.grants.reseal(grant, 'anew' as Sealed)).toBe(true)
    expect(await store.grants.find(grant.id)).toEqual({ ...grant, sealed: 'anew' })
    const refreshed = await store.grants.replaceTokens(grant, 'fresh' as Sealed, at(1), null)
    expect(refreshed).toMatchObject({ sealed: 'fresh', version: grant.version + 1 })
    expect(await store.grants.reseal(grant, 'late' as Sealed)).toBe(false)
    expect(await store.grants.reseal({ ...grant, id: 'gone' }, 'x' as Sealed)).toBe(false)
    expect(await store.grants.find(grant.id)).toEqual(refreshed)
  })
})
