import { aliasedTable, and, asc, countDistinct, desc, eq, isNotNull, isNull, lt, ne, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import type { OutageStore } from '../../domain/connections/outage-store.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { endEscalation } from './escalations.ts'
import { outagesOfCard } from './outages-of-card.ts'
import { fromMessage } from './records.ts'
import { sameApp } from './same-app.ts'

export function outageStore(dialect: Dialect): OutageStore {
  const { queries, tables } = dialect
  const { catchUps, connections, grants, messages, outages } = tables
  return {
    find: async (id) => {
      const [outage] = await queries.select().from(outages).where(eq(outages.id, id))
      return outage
    },
    openMisconfigured: async (grantId) => {
      const asked = aliasedTable(grants, 'asked')
      const [found] = await queries
        .select({ outage: outages })
        .from(outages)
        .innerJoin(connections, eq(connections.id, outages.connectionId))
        .innerJoin(grants, eq(grants.id, connections.grantId))
        .innerJoin(asked, sameApp(grants, asked, grantId))
        .where(and(isNull(outages.closedAt), eq(outages.kind, 'misconfigured'), isNotNull(outages.cardId)))
        .orderBy(asc(outages.openedAt), asc(outages.id))
        .limit(1)
      return found?.outage
    },
    ofCard: (cardId) => outagesOfCard(dialect, cardId),
    connectionsOn: async (cardId) => {
      const [found] = await queries
        .select({ count: countDistinct(outages.connectionId) })
        .from(outages)
        .where(eq(outages.cardId, cardId))
      return found?.count ?? 0
    },
    catchUp: async (id) => {
      const [catchUp] = await queries.select().from(catchUps).where(eq(catchUps.id, id))
      return catchUp
    },
    catchUpOf: async (outageId) => {
      const [catchUp] = await queries
        .select()
        .from(catchUps)
        .where(eq(catchUps.outageId, outageId))
        .orderBy(desc(catchUps.startedAt))
        .limit(1)
      return catchUp
    },
    loginBegun: async (outageId, at) => {
      await queries
        .update(outages)
        .set({ loginBegunAt: at })
        .where(and(eq(outages.id, outageId), isNull(outages.closedAt)))
    },
    loginCameBack: async (outageId) => {
      await queries.update(outages).set({ loginBegunAt: null }).where(eq(outages.id, outageId))
    },
    loginsNotFinished: async (before) =>
      queries
        .select()
        .from(outages)
        .where(and(lt(outages.loginBegunAt, before), isNull(outages.closedAt)))
        .orderBy(asc(outages.loginBegunAt)),
    noteLoginNotFinished: (seen, notice, at) =>
      dialect.atomically(function* (q) {
        if (!seen.loginBegunAt) return false
        const noted = yield* rows(
          q
            .update(outages)
            .set({ loginBegunAt: null })
            .where(and(eq(outages.id, seen.id), eq(outages.loginBegunAt, seen.loginBegunAt), isNull(outages.closedAt)))
            .returning({ id: outages.id }),
        )
        if (noted.length === 0) return false
        yield* rows(q.insert(messages).values(fromMessage(notice, at)).returning({ id: messages.id }))
        return true
      }),
  }
}

/**
 * An outage asks for nothing any more: with the last that does, nobody is reminded of its card. With the last that would, were its
 * connection not paused, what was asked for is over: what is wrong with the app's set-up asks nobody, however long it stays.
 */
export function* leaveCard(q: Queries, tables: Tables, cardId: string, outageId: string, at: Date): Steps<void> {
  if (!(yield* isOpenBeside(q, tables, cardId, outageId, asks(tables)))) return yield* endEscalation(q, tables, cardId, at)
  const { escalations } = tables
  if (yield* isAskingBeside(q, tables, cardId, outageId)) return
  const isCards = and(eq(escalations.messageId, cardId), isNull(escalations.endedAt))
  yield* rows(q.update(escalations).set({ remindAt: null }).where(isCards).returning({ id: escalations.messageId }))
}

/** Whether another outage on that card asks somebody for something, or for what one of that kind does: nobody has paused its connection. */
export function isAskingBeside(
  q: Queries,
  tables: Tables,
  cardId: string,
  outageId: string,
  kind: Outage['kind'] | null = null,
): Steps<boolean> {
  const { connections, outages } = tables
  const isOfKind = kind === null ? asks(tables) : eq(outages.kind, kind)
  return isOpenBeside(q, tables, cardId, outageId, and(isOfKind, ne(connections.status, 'paused')))
}

function asks({ outages }: Tables): SQL {
  return ne(outages.kind, 'misconfigured')
}

function* isOpenBeside(
  q: Queries,
  { connections, outages }: Tables,
  cardId: string,
  outageId: string,
  which: SQL | undefined,
): Steps<boolean> {
  const [other] = yield* rows(
    q
      .select({ id: outages.id })
      .from(outages)
      .innerJoin(connections, eq(connections.id, outages.connectionId))
      .where(and(eq(outages.cardId, cardId), isNull(outages.closedAt), ne(outages.id, outageId), which))
      .limit(1),
  )
  return other !== undefined
}

type Closing = Pick<Outage, 'closedAt' | 'closedHow' | 'closedBy' | 'closedByUsername'>

/** Closes the open outage of a connection, if there is one; with the last that was open on its card, that asks for nothing any more. */
export function* closeOutage(
  q: Queries,
  tables: Tables,
  connectionId: string,
  closing: Closing & { readonly closedAt: Date },
): Steps<Outage | undefined> {
  const { outages } = tables
  const [closed] = yield* rows(
    q
      .update(outages)
      .set({ ...closing, loginBegunAt: null })
      .where(and(eq(outages.connectionId, connectionId), isNull(outages.closedAt)))
      .returning(),
  )
  if (closed?.cardId) yield* leaveCard(q, tables, closed.cardId, closed.id, closing.closedAt)
  return closed
}
