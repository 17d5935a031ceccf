import { and, count, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { BulkJobStore } from '../../domain/outbox/bulk-job.ts'
import { AppError } from '../../errors.ts'
import type { Dialect } from './dialect.ts'
import { freshRows, upToBytes, withPayloads } from './outbox.ts'
import { plus } from './records.ts'

export function bulkJobStore(dialect: Dialect): BulkJobStore {
  const { queries, tables } = dialect
  const { backlogs, bulkJobs, touchpoints } = tables
  const { key, id, attempts, connectionNo } = touchpoints
  const isFresh = and(eq(touchpoints.state, 'waiting'), isNull(touchpoints.dueAt))

  async function backlogOf(connectionId: string): Promise<Tables['backlogs']['$inferSelect']> {
    const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
    if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
    return backlog
  }

  return {
    find: async (connectionId) => {
      const [job] = await queries.select().from(bulkJobs).where(eq(bulkJobs.connectionId, connectionId))
      return job
    },
    begin: async (job, now) => {
      const [begun] = await queries
        .insert(bulkJobs)
        .values({ ...job, version: 0 })
        .onConflictDoUpdate({
          target: bulkJobs.connectionId,
          set: { ...job, version: plus(bulkJobs.version, 1) },
          setWhere: sql`${eq(bulkJobs.phase, 'done')} and ${lte(bulkJobs.dueAt, now)}`,
        })
        .returning()
      return begun
    },
    move: async ({ connectionId, version }, to) => {
      const [moved] = await queries
        .update(bulkJobs)
        .set({ ...to, version: version + 1 })
        .where(and(eq(bulkJobs.connectionId, connectionId), eq(bulkJobs.version, version)))
        .returning()
      return moved
    },
    countFresh: async (connectionId, atMost) => {
      const { drainedTo, lastKey } = await backlogOf(connectionId)
      const inLine = and(gt(key, drainedTo), lte(key, lastKey), isFresh)
      const fresh = queries.select({ key }).from(touchpoints).where(inLine).limit(atMost).as('fresh')
      const [counted] = await queries.select({ fresh: count() }).from(fresh)
      return counted?.fresh ?? 0
    },
    fresh: async (connectionId, afterKey, limit, maxBytes) => {
      const backlog = await backlogOf(connectionId)
      for (let from = Math.max(afterKey, backlog.drainedTo); ; ) {
        const sized = upToBytes(await freshRows(dialect, backlog, from, limit), maxBytes)
        const found = await withPayloads(dialect, sized)
        const last = sized.at(-1)
        if (found.length > 0 || !last) return found
        from = last.key // all of them were replaced at this very moment
      }
    },
    keysIn: async ({ connectionId, afterKey, upToKey }, ids) => {
      const { no } = await backlogOf(connectionId)
      const inJob = and(eq(connectionNo, no), inArray(id, [...ids]), gt(key, afterKey), lte(key, upToKey), isFresh)
      return ids.length === 0 ? [] : queries.select({ key, id, attempts }).from(touchpoints).where(inJob)
    },
  }
}
