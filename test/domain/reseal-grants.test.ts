import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Grant } from '../../src/domain/access/grant.ts'
import { bindingOf } from '../../src/domain/access/grant.ts'
import { type ResealerDeps, resealGrants, resealInstallations } from '../../src/domain/access/reseal-grants.ts'
import type { Tokens } from '../../src/domain/provider.ts'
import type { Store } from '../../src/domain/store.ts'
import { botSealer, grantSealer } from '../../src/outbound/seal.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { addConnection, anInstallation, at, aWorkspace, aWorkspaceEntry } from '../support/builders.ts'

const [OLD, NEW, LOST] = [randomBytes(32), randomBytes(32), randomBytes(32)]

function tokens(accessToken: string): Tokens {
  const none = { identityUrl: null, accessExpiresAt: null, refreshExpiresAt: null }
  return { accessToken, refreshToken: 'r', apiOrigin: 'https://acme.example', scopes: [], ...none }
}

/** A connection's grant whose tokens this key has sealed. */
async function aSealedGrant(store: Store, key: Buffer, accessToken: string): Promise<Grant> {
  const { grantId } = await addConnection(store)
  const grant = await store.grants.find(grantId)
  if (!grant) throw new Error('no grant')
  const sealed = await grantSealer([key]).seal(tokens(accessToken), bindingOf(grant))
  const stored = await store.grants.replaceTokens(grant, sealed, at(1), null)
  if (!stored) throw new Error('not stored')
  return stored
}

test('seals every grant with the newest key, tells those that no key opens, and finds nothing to do the next time', async () => {
  const store = await openStore(':memory:', { stamp: 'live' })
  const before = await aSealedGrant(store, OLD, 'a')
  await aSealedGrant(store, NEW, 'b')
  const lost = await aSealedGrant(store, LOST, 'c')
  const sealer = grantSealer([NEW, OLD])
  expect(await resealGrants({ store, sealer })).toEqual({ resealed: 1, current: 1, broken: [lost.id], busy: [] })
  const after = await store.grants.find(before.id)
  expect({ ...after, sealed: null }).toEqual({ ...before, sealed: null })
  if (!after) throw new Error('no grant')
  expect(await grantSealer([NEW]).open(after.sealed, bindingOf(after))).toEqual(tokens('a'))
  expect(await resealGrants({ store, sealer })).toEqual({ resealed: 0, current: 2, broken: [lost.id], busy: [] })
  await store.close()
})

test('what a refresh stores meanwhile is never overwritten, and a refresh that began before loses nothing', async () => {
  const store = await openStore(':memory:', { stamp: 'live' })
  const seen = await aSealedGrant(store, OLD, 'old')
  const old = grantSealer([OLD, NEW])
  const sealer = grantSealer([NEW, OLD])
  let isFirst = true
  const racing: ResealerDeps['sealer'] = {
    ...sealer,
    async seal(opened, binding) {
      const sealed = await sealer.seal(opened, binding)
      const refreshed = isFirst ? await old.seal(tokens('fresh'), binding) : undefined
      isFirst = false
      if (refreshed) await store.grants.replaceTokens(seen, refreshed, at(2), null)
      return sealed
    },
  }
  expect(await resealGrants({ store, sealer: racing })).toMatchObject({ resealed: 1 })
  const resealed = await store.grants.find(seen.id)
  if (!resealed) throw new Error('no grant')
  expect((await grantSealer([NEW]).open(resealed.sealed, bindingOf(resealed))).accessToken).toBe('fresh')

  // The refresh read the grant before it was sealed anew: what it brings is stored all the same.
  const begun = await aSealedGrant(store, OLD, 'x')
  await resealGrants({ store, sealer })
  expect(await store.grants.replaceTokens(begun, await sealer.seal(tokens('y'), bindingOf(begun)), at(3), null)).toBeDefined()
  await store.close()
})

test('a grant that changes again and again is left for another run, and one that goes is not missed', async () => {
  const store = await openStore(':memory:', { stamp: 'live' })
  const grant = await aSealedGrant(store, OLD, 'a')
  const sealer = grantSealer([NEW, OLD])
  const never: Store = { ...store, grants: { ...store.grants, reseal: async () => false } }
  expect(await resealGrants({ store: never, sealer })).toEqual({ resealed: 0, current: 0, broken: [], busy: [grant.id] })
  const gone: Store = { ...store, grants: { ...store.grants, find: async () => undefined } }
  expect(await resealGrants({ store: gone, sealer })).toEqual({ resealed: 0, current: 0, broken: [], busy: [] })
  await store.close()
})

test('seals the bot tokens of workspaces anew, each for its own workspace', async () => {
  const store = await openStore(':memory:', { stamp: 'live' })
  const install = async (teamId: string, key: Buffer) => {
    const sealed = await botSealer([key]).seal(`xoxb-${teamId}`, { teamId })
    await store.installations.save(anInstallation({ teamId, sealed }), aWorkspace({ teamId }), aWorkspaceEntry({ teamId }))
  }
  await install('T2', OLD)
  await install('T3', NEW)
  await install('T4', LOST)
  await install('T5', LOST)
  await store.installations.end((await store.installations.find('T5'))!, 'uninstalled', aWorkspaceEntry({ teamId: 'T5' }))
  const bots = botSealer([NEW, OLD])
  expect(await resealInstallations({ store, bots })).toEqual({ resealed: 1, current: 1, broken: ['T4'], busy: [] })
  const sealed = (await store.installations.find('T2'))?.sealed
  if (!sealed) throw new Error('no token')
  expect(await botSealer([NEW]).open(sealed, { teamId: 'T2' })).toBe('xoxb-T2')
  await expect(botSealer([NEW]).open(sealed, { teamId: 'T3' })).rejects.toMatchObject({ code: 'SEAL_BROKEN' })
  expect(await resealInstallations({ store, bots })).toMatchObject({ resealed: 0, current: 2 })
  await store.close()
})
