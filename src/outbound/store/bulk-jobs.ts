import { and, eq, gt, inArray, isNull, lte, sql, sum } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { BulkJobStore } from '../../domain/outbox/bulk-job.ts'
import { AppError } from '../../errors.ts'
import type { Dialect } from './dialect.ts'
import { plus } from './records.ts'
import { inTurn, openBodies, waitingRows } from './waiting.ts'

export function bulkJobStore(dialect: Dialect): BulkJobStore {
  const { queries, tables } = dialect
  const { backlogs, bulkJobs, segments, strays, touchpointIds } = tables
  const isOpen = (no: number) => and(eq(segments.connectionNo, no), gt(segments.open, 0))

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
      const { no } = await backlogOf(connectionId)
      const found = queries.select({ open: segments.open }).from(segments).where(isOpen(no)).limit(atMost).as('found')
      const [counted] = await queries.select({ open: sum(found.open) }).from(found)
      return Math.min(atMost, Number(counted?.open ?? 0))
    },
    fresh: async (connectionId, afterKey, limit, maxBytes) => {
      const { no } = await backlogOf(connectionId)
      const asked = { afterKey, limit, maxBytes }
      const claim = { asked, retries: [], ...(await openBodies(dialect, no, asked)) }
      return waitingRows(await inTurn(dialect, no, claim, undefined))
    },
    keysIn: async ({ connectionId, afterKey, upToKey }, ids) => {
      const { no } = await backlogOf(connectionId)
      if (ids.length === 0) return []
      const { key, id } = touchpointIds
      const found = await queries
        .select({ key, id })
        .from(touchpointIds)
        .innerJoin(segments, and(eq(segments.key, touchpointIds.segment), gt(segments.open, 0)))
        .leftJoin(strays, eq(strays.key, key))
        .where(
          and(
            eq(touchpointIds.connectionNo, no),
            inArray(id, [...ids]),
            gt(key, afterKey),
            lte(key, upToKey),
            isNull(strays.key),
          ),
        )
      return found.map((row) => ({ ...row, attempts: 0 }))
    },
  }
}
