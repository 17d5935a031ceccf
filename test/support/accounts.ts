import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Store } from '../../src/domain/store.ts'
import type { Dialect } from '../../src/outbound/store/dialect.ts'
import { at } from './builders.ts'
import { storedVersions } from './stored-versions.ts'

/**
 * Everything that is counted equals what the rows say: the counters of the backlog, and for each catch-up
 * expected = pushed + superseded + rejected + what still waits of the versions that it covers (those up to its `upToKey`). Each
 * catch-up has one report, which is due when it has nothing left.
 */
export async function expectTrueAccounts(dialect: Dialect, store: Store, connectionId: string): Promise<void> {
  const { queries, tables } = dialect
  const { backlogs, catchUps, messages } = tables
  const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
  const rows = (await storedVersions(dialect)).filter(({ connectionNo }) => connectionNo === backlog!.no)
  const waiting = rows.filter(({ state }) => state === 'waiting')
  expect(backlog).toMatchObject({
    waiting: waiting.length,
    rejected: rows.filter(({ state }) => state === 'rejected').length,
    superseded: rows.reduce((sum, row) => sum + row.superseded, 0),
  })
  expect(backlog!.pushed).toBeGreaterThanOrEqual(rows.filter(({ state }) => state === 'pushed').length)
  expect(rows.every(({ key }) => key <= backlog!.lastKey)).toBe(true)
  // Nothing that waits is ever passed over.
  const claimable = (await store.outbox.waiting(connectionId, 0, at(9_999_999_999), 1000)).map(({ key }) => key)
  expect(claimable).toEqual(waiting.map(({ key }) => key).sort((a, b) => a - b))
  const all = await queries.select().from(catchUps).where(eq(catchUps.connectionId, connectionId))
  const queued = await queries.select().from(messages).where(eq(messages.connectionId, connectionId))
  for (const catchUp of all) {
    const settled = catchUp.pushed + catchUp.superseded + catchUp.rejected
    const unsettled = catchUp.finishedAt ? 0 : waiting.filter(({ key }) => key <= catchUp.upToKey).length
    expect(settled + unsettled).toBe(catchUp.expected)
    expect(catchUp.finishedAt !== null).toBe(settled === catchUp.expected)
    const reports = queued.filter(({ kind, catchUpId }) => kind === 'report' && catchUpId === catchUp.id)
    expect(reports).toHaveLength(1)
    expect(reports[0]?.dueAt !== null).toBe(catchUp.finishedAt !== null)
  }
  expect(queued.filter(({ kind }) => kind === 'report')).toHaveLength(all.length)
}
