import { expect, test } from 'vitest'
import type { ApiToken } from '../../../src/domain/workspaces/api-token.ts'
import { at, aWorkspaceEntry } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function aToken(over: Partial<ApiToken> = {}): ApiToken {
  return {
    id: '0123456789ab',
    label: 'website',
    teamId: 'T2',
    hash: 'hash',
    scopes: ['touchpoints:write'],
    addedAt: at(0),
    ...over,
  }
}

const ADDED = () => aWorkspaceEntry({ actor: null, action: 'token_added', detail: 'website' })

contract('api tokens', (world) => {
  test('keeps them by label, and finds them by their id', async () => {
    const { apiTokens, installations } = world().store
    expect(await apiTokens.isAny()).toBe(false)
    expect(await apiTokens.add(aToken({ id: 'b', label: 'report', scopes: ['costs:read', 'rejects:read'] }), ADDED())).toBe(true)
    expect(await apiTokens.add(aToken(), ADDED())).toBe(true)
    expect(await apiTokens.isAny()).toBe(true)
    expect((await apiTokens.all()).map(({ label }) => label)).toEqual(['report', 'website'])
    expect(await apiTokens.find('0123456789ab')).toEqual(aToken())
    expect(await apiTokens.find('b')).toMatchObject({ scopes: ['costs:read', 'rejects:read'] })
    expect(await apiTokens.find('c')).toBeUndefined()
    expect(await installations.history('T2', 9)).toHaveLength(2)
  })

  test('a label is given once, over all workspaces', async () => {
    const { apiTokens, installations } = world().store
    await apiTokens.add(aToken(), ADDED())
    expect(await apiTokens.add(aToken({ id: 'b', teamId: 'T3' }), ADDED())).toBe(false)
    expect(await apiTokens.all()).toEqual([aToken()])
    expect(await installations.history('T2', 9)).toHaveLength(1)
  })

  test('removes one, and tells whose it was', async () => {
    const { apiTokens, installations } = world().store
    await apiTokens.add(aToken(), ADDED())
    const { teamId: _, ...entry } = aWorkspaceEntry({ actor: null, action: 'token_removed', detail: 'website', at: at(1) })
    expect(await apiTokens.remove('nothing', entry)).toBeUndefined()
    expect(await apiTokens.remove('website', entry)).toEqual(aToken())
    expect(await apiTokens.find('0123456789ab')).toBeUndefined()
    expect((await installations.history('T2', 9)).map(({ action }) => action)).toEqual(['token_removed', 'token_added'])
  })
})
