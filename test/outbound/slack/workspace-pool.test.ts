import { expect, test } from 'vitest'
import type { BotToken } from '../../../src/domain/workspaces/bot-tokens.ts'
import { workspacePool } from '../../../src/outbound/slack/workspace-pool.ts'

/** A pool that keeps two, over tokens that can be changed; what was opened is named after its token and counted. */
function aPool() {
  const tokens = new Map<string, BotToken>()
  const opened: string[] = []
  const open = (token: string) => {
    opened.push(token)
    return token
  }
  const of = async (teamId: string): Promise<BotToken> => tokens.get(teamId) ?? { kind: 'none', reason: 'unknown_workspace' }
  const pool = workspacePool({ of }, open, 2)
  const ask = (teamId: string) =>
    pool.ask(
      teamId,
      (token) => token,
      ({ kind }) => kind,
    )
  return { tokens, opened, ask }
}

test('each workspace has one of its own, opened once', async () => {
  const { tokens, opened, ask } = aPool()
  tokens.set('T1', { kind: 'token', token: 'one' }).set('T2', { kind: 'token', token: 'two' })
  expect([await ask('T1'), await ask('T2'), await ask('T1'), await ask('T2')]).toEqual(['one', 'two', 'one', 'two'])
  expect(opened).toEqual(['one', 'two'])
})

test('those that were not used for longest are forgotten', async () => {
  const { tokens, opened, ask } = aPool()
  for (const id of ['T1', 'T2', 'T3']) tokens.set(id, { kind: 'token', token: id })
  for (const id of ['T1', 'T2', 'T1', 'T3', 'T1', 'T2']) await ask(id)
  expect(opened).toEqual(['T1', 'T2', 'T3', 'T2'])
})

test('a new token is never used with what the old one opened, and none is used for a workspace without', async () => {
  const { tokens, opened, ask } = aPool()
  tokens.set('T1', { kind: 'token', token: 'old' })
  await ask('T1')
  tokens.set('T1', { kind: 'token', token: 'new' })
  expect(await ask('T1')).toBe('new')
  tokens.set('T1', { kind: 'gone' })
  expect([await ask('T1'), await ask('T9')]).toEqual(['gone', 'none'])
  expect(opened).toEqual(['old', 'new'])
})
