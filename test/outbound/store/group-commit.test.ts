import Database from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import type { Program, Queries } from '../../../src/outbound/store/dialect.ts'
import { groupCommit } from '../../../src/outbound/store/group-commit.ts'

let client: Database.Database
let commits: ReturnType<typeof groupCommit>

beforeEach(() => {
  client = new Database(':memory:')
  client.exec('create table t (x text)')
  commits = groupCommit(client, {} as Queries)
})

const stored = () => client.prepare('select x from t order by rowid').pluck().all()

/** Writes a row, and then fails with `error` if there is one. */
function writes(x: string, error?: Error): Program<string> {
  return function* () {
    yield Object.assign(Promise.resolve(), { all: () => client.prepare('insert into t values (?)').run(x) })
    if (error) throw error
    return `wrote ${x}`
  }
}

test('programs that come together are committed together, each with its own answer', async () => {
  const begun: unknown[] = []
  const asked = ['a', 'b', 'c'].map((x) => commits.atomically(writes(x)).finally(() => begun.push(stored().length)))
  expect(await Promise.all(asked)).toEqual(['wrote a', 'wrote b', 'wrote c'])
  expect(begun).toEqual([3, 3, 3])
})

test('large ones are not', async () => {
  const begun: unknown[] = []
  await Promise.all(['a', 'b'].map((x) => commits.atomically(writes(x), 600).finally(() => begun.push(stored().length))))
  expect(begun).toEqual([1, 2])
})

test('one that fails takes back only what it did itself', async () => {
  const asked = [
    commits.atomically(writes('a')),
    commits.atomically(writes('b', new Error('no'))),
    commits.atomically(writes('c')),
  ]
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(stored()).toEqual(['a', 'c'])
})

test('when the disk is full, those for which there is room are kept, and the others are told', async () => {
  client.exec('drop table t; vacuum')
  client.exec('create table t (x text)')
  client.pragma('max_page_count = 8')
  const asked = ['small', 'x'.repeat(100_000), 'other'].map((x) => commits.atomically(writes(x)))
  const [first, second, third] = await Promise.allSettled(asked)
  expect([first?.status, third?.status]).toEqual(['fulfilled', 'fulfilled'])
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_FULL' } })
  expect(stored()).toEqual(['small', 'other'])
})

test('what is asked for by whoever was just told is not forgotten', async () => {
  await commits.atomically(writes('a')).then(() => commits.atomically(writes('b')))
  await Promise.all([commits.idle(), commits.atomically(writes('c'))])
  expect(stored()).toEqual(['a', 'b', 'c'])
})
