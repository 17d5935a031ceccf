import { eq } from 'drizzle-orm'
import type { Message } from '../../domain/cards/card.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Mapping } from '../../domain/provider.ts'
import type { AuditEntry, Grant } from '../../domain/store.ts'
import { type Dialect, type Program, rows } from './dialect.ts'
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
  const { backlogs, checks, connections, grants, mappings, messages, meta } = tables
  const connectionId = connection.id
  return function* (q) {
    yield* rows(q.insert(grants).values(grant).onConflictDoNothing({ target: grants.id }).returning({ id: grants.id }))
    const [added] = yield* rows(q.insert(connections).values(fromConnection(connection)).onConflictDoNothing().returning())
    if (!added) {
      yield* forgetUnusedGrant(q, tables, grant.id)
      return undefined
    }
    const [given] = yield* rows(
      q
        .update(meta)
        .set({ lastConnectionNo: plus(meta.lastConnectionNo, 1) })
        .where(eq(meta.id, 1))
        .returning({ no: meta.lastConnectionNo }),
    )
    if (!given) throw new Error('the database has no stamp')
    const lastKey = zeroKey(given.no)
    const empty = { lastKey, waiting: 0, pushed: 0, superseded: 0, rejected: 0 }
    yield* rows(
      q
        .insert(backlogs)
        .values({ connectionId, no: given.no, ...empty })
        .returning({ no: backlogs.no }),
    )
    yield* rows(q.insert(checks).values({ connectionId, dueAt: firstCheckAt }).returning({ id: checks.connectionId }))
    if (mapping) yield* rows(q.insert(mappings).values({ connectionId, mapping }).returning({ id: mappings.connectionId }))
    yield* rows(q.insert(messages).values(fromMessage(welcome, welcome.createdAt)).returning({ id: messages.id }))
    yield* record(q, tables, audit)
    return toConnection(added)
  }
}
