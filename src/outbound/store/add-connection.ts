import { eq } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Grant } from '../../domain/access/grant.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { AuditEntry } from '../../domain/connections/audit-entry.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Mapping } from '../../domain/crm.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { forgetUnusedGrant } from './grants.ts'
import { record } from './history.ts'
import { zeroKey } from './keys.ts'
import { fromConnection, fromMessage, plus, toConnection } from './records.ts'

export function addProgram(
  { tables }: Dialect,
  connection: Connection,
  grant: Grant,
  mapping: Mapping | null,
  welcome: Message,
  firstCheckAt: Date,
  audit: AuditEntry,
): Program<Connection | undefined> {
  const { connections, grants, mappings, messages } = tables
  const connectionId = connection.id
  return function* (q) {
    yield* rows(q.insert(grants).values(grant).onConflictDoNothing({ target: grants.id }).returning({ id: grants.id }))
    const [added] = yield* rows(q.insert(connections).values(fromConnection(connection)).onConflictDoNothing().returning())
    if (!added) {
      yield* forgetUnusedGrant(q, tables, grant.id)
      return undefined
    }
    yield* beginWork(q, tables, [connection], firstCheckAt)
    if (mapping) yield* rows(q.insert(mappings).values({ connectionId, mapping }).returning({ id: mappings.connectionId }))
    yield* rows(q.insert(messages).values(fromMessage(welcome, welcome.createdAt)).returning({ id: messages.id }))
    yield* record(q, tables, audit)
    return toConnection(added)
  }
}

/** What each new connection begins with: an empty backlog, its first check, and of an ad account the first download and scan. */
export function* beginWork(
  q: Queries,
  tables: Tables,
  added: readonly Pick<Connection, 'id' | 'kind' | 'addedAt'>[],
  firstCheckAt: Date,
): Steps<void> {
  const { backlogs, checks, meta } = tables
  const connectionIds = added.map(({ id }) => id)
  const [given] = yield* rows(
    q
      .update(meta)
      .set({ lastConnectionNo: plus(meta.lastConnectionNo, connectionIds.length) })
      .where(eq(meta.id, 1))
      .returning({ no: meta.lastConnectionNo }),
  )
  if (!given) throw new Error('the database has no stamp')
  const first = given.no - connectionIds.length + 1
  const empty = { waiting: 0, pushed: 0, superseded: 0, rejected: 0 }
  const begun = connectionIds.map((connectionId, index) => ({
    connectionId,
    no: first + index,
    lastKey: zeroKey(first + index),
    ...empty,
  }))
  yield* rows(q.insert(backlogs).values(begun).returning({ no: backlogs.no }))
  const due = connectionIds.map((connectionId) => ({ connectionId, dueAt: firstCheckAt }))
  yield* rows(q.insert(checks).values(due).returning({ id: checks.connectionId }))
  yield* beginAds(
    q,
    tables,
    added.filter(({ kind }) => kind === 'ads'),
    firstCheckAt,
  )
}

function* beginAds(
  q: Queries,
  { adScans, costDownloads }: Tables,
  added: readonly Pick<Connection, 'id' | 'addedAt'>[],
  dueAt: Date,
): Steps<void> {
  if (added.length === 0) return
  const downloads = added.map(({ id }) => ({ connectionId: id, run: 0, dueAt, failures: 0 }))
  yield* rows(q.insert(costDownloads).values(downloads).returning({ id: costDownloads.connectionId }))
  const untagged = { isTagging: false, parameters: '', templates: [], overrides: [], version: 0 }
  const scans = added.map(({ id, addedAt }) => ({ connectionId: id, scannedUpTo: addedAt, ...untagged, dueAt, failures: 0 }))
  yield* rows(q.insert(adScans).values(scans).returning({ id: adScans.connectionId }))
}
