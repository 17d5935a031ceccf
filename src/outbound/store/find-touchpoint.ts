import { and, asc, eq, inArray } from 'drizzle-orm'
import type { TouchpointRecord } from '../../domain/outbox/touchpoint.ts'
import type { Dialect } from './dialect.ts'

/** What became of the newest version of an id, in each CRM of the workspace that it was sent to. */
export async function findTouchpoint(dialect: Dialect, teamId: string, id: string): Promise<TouchpointRecord[]> {
  const { backlogs, connections, touchpointIds, strays, segments } = dialect.tables
  const { queries } = dialect
  const found = await queries
    .select({ connectionId: connections.id, version: touchpointIds, stray: strays })
    .from(connections)
    .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
    .innerJoin(touchpointIds, and(eq(touchpointIds.connectionNo, backlogs.no), eq(touchpointIds.id, id)))
    .leftJoin(strays, eq(strays.key, touchpointIds.key))
    .where(and(eq(connections.teamId, teamId), eq(connections.kind, 'crm')))
    .orderBy(asc(touchpointIds.key))
  const own = await queries
    .select()
    .from(segments)
    .where(
      inArray(
        segments.key,
        found.map(({ version }) => version.segment),
      ),
    )
  return found.map(({ connectionId, version, stray }): TouchpointRecord => {
    const { acceptedAt, superseded } = version
    const about = { id, connectionId, acceptedAt, superseded }
    if (stray) {
      const { state, settledAt, attempts, code, message } = stray
      // The newest version was not replaced.
      return { ...about, state: state === 'superseded' ? 'waiting' : state, settledAt, attempts, code, message }
    }
    const segment = own.find(({ key }) => key === version.segment)
    const settledAt = segment && segment.open === 0 ? segment.settledAt : null
    return { ...about, state: settledAt ? 'pushed' : 'waiting', settledAt, attempts: 0, code: null, message: null }
  })
}
