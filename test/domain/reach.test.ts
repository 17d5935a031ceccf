import { describe, expect, test } from 'vitest'
import { freeNames } from '../../src/domain/access/new-connections.ts'
import { reachOf } from '../../src/domain/access/reach.ts'
import { atOnce } from '../../src/domain/at-once.ts'
import type { Connection, Status } from '../../src/domain/connections/connection.ts'
import { ACCOUNT, aConnection } from '../support/builders.ts'

/** A connection whose id is that of its account. */
function one(accountId: string, grantId: string, status: Status = 'authorization_required'): Connection {
  const connection = aConnection({ id: accountId, accountId, grantId })
  return { ...connection, health: { ...connection.health, status } }
}

function reach(asked: Connection, others: readonly Connection[], ...accountIds: string[]) {
  const accounts = accountIds.map((id) => ({ ...ACCOUNT, id }))
  const { reached, missed } = reachOf(asked, [...others, asked], accounts)
  for (const { connection, account } of reached) expect(connection.accountId).toBe(account.id)
  return [reached.map(({ connection }) => connection.id), missed.map(({ id }) => id)]
}

describe('what a new login takes over', () => {
  test('is the connection that was asked for, and nothing else that it does not reach', () => {
    expect(reach(one('a', 'old'), [one('b', 'old', 'connected')], 'a')).toEqual([['a'], []])
    expect(reach(one('a', 'old'), [], 'x')).toEqual([[], ['a']])
  })

  test('is everything of the old login, red or not', () => {
    expect(
      reach(
        one('a', 'old'),
        [one('b', 'old'), one('c', 'old', 'connected'), one('d', 'old', 'permission_required')],
        'b',
        'a',
        'c',
        'd',
        'e',
      ),
    ).toEqual([['a', 'b', 'c', 'd'], []])
  })

  test('is what is red with any login, and never what works with another', () => {
    expect(reach(one('a', 'old'), [one('b', 'other'), one('c', 'other', 'connected')], 'a', 'b', 'c')).toEqual([['a', 'b'], []])
  })

  test('leaves alone what works when it does not even reach the one that was asked for', () => {
    expect(reach(one('a', 'old'), [one('b', 'old', 'connected'), one('c', 'old')], 'b', 'c')).toEqual([['c'], ['a']])
    expect(reach(one('a', 'old', 'connected'), [one('b', 'old', 'connected')], 'b')).toEqual([[], ['a']])
  })

  test('leaves what somebody has paused, unless it was asked for', () => {
    expect(reach(one('a', 'old'), [one('b', 'old', 'paused')], 'a', 'b')).toEqual([['a'], []])
    expect(reach(one('b', 'old', 'paused'), [], 'b')).toEqual([['b'], []])
  })

  test('misses those of the old login that stay red, and not those of others', () => {
    expect(reach(one('a', 'old'), [one('b', 'old'), one('c', 'other'), one('d', 'old', 'connected')], 'a')).toEqual([
      ['a'],
      ['b'],
    ])
  })
})

test('new connections get the first names that are free', () => {
  expect(freeNames('meta', new Set(), 3)).toEqual(['meta', 'meta-2', 'meta-3'])
  expect(freeNames('meta', new Set(['meta', 'meta-3', 'linkedin']), 3)).toEqual(['meta-2', 'meta-4', 'meta-5'])
  expect(freeNames('meta', new Set(), 0)).toEqual([])
})

test('so many are under way at once, and answers come in the order of the questions', async () => {
  let underWay = 0
  let most = 0
  const answers = await atOnce([5, 1, 4, 2, 3], 2, async (n) => {
    most = Math.max(most, ++underWay)
    for (let turn = 0; turn < n; turn++) await Promise.resolve()
    underWay--
    return n * 10
  })
  expect(answers).toEqual([50, 10, 40, 20, 30])
  expect(most).toBe(2)
})
