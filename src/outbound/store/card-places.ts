import { and, countDistinct, desc, eq, gt, isNotNull, isNull, max, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { later } from '../../clock.ts'
import type { Grant } from '../../domain/access/grant.ts'
import type { Message } from '../../domain/cards/card.ts'
import { type AskingCard, type CardChoice, chooseCard } from '../../domain/cards/choose-card.ts'
import type { HealthChange } from '../../domain/connections/connection-store.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { plus } from './records.ts'

/** From here to its end, no other program of the workspace gives an outage a card, or ends one. */
export function* takeTurn(q: Queries, { cardTurns }: Tables, teamId: string): Steps<void> {
  yield* rows(
    q
      .insert(cardTurns)
      .values({ teamId, turns: 1 })
      .onConflictDoUpdate({ target: cardTurns.teamId, set: { turns: plus(cardTurns.turns, 1) } })
      .returning({ turns: cardTurns.turns }),
  )
}

type Began = Pick<Outage, 'id' | 'connectionId' | 'kind' | 'cause' | 'openedAt'>

/** Which card shows an outage that begins; the caller has its turn. `card`: the one that it would get. */
export function* findCard(
  q: Queries,
  tables: Tables,
  outage: Began,
  card: Message,
  { reuseCardClosedAfter, storm }: Pick<HealthChange, 'reuseCardClosedAfter' | 'storm'>,
): Steps<CardChoice> {
  const lastCardId = yield* lastCard(q, tables, outage, card, reuseCardClosedAfter)
  // What is wrong with our own app has one card for all of it already.
  if (outage.kind === 'misconfigured') {
    const isItsOwn = lastCardId !== null && !(yield* isShared(q, tables, lastCardId, outage.connectionId))
    return isItsOwn ? { kind: 'reuse', cardId: lastCardId } : { kind: 'own' }
  }
  const grant = yield* grantOf(q, tables, outage.connectionId)
  const ofLogin = yield* askingCards(q, tables, outage, grant, card, eq(tables.connections.grantId, grant.id))
  const byLogin = ofLogin.filter(({ sharesLogin }) => sharesLogin)
  if (byLogin.length > 0) return chooseCard({ asking: byLogin, lastCardId, recent: 0 }, outage.openedAt, storm)
  const asking = yield* askingCards(q, tables, outage, grant, card)
  const recent = yield* recentCards(q, tables, card, later(outage.openedAt, -storm.withinMs))
  const choice = chooseCard({ asking, lastCardId, recent }, outage.openedAt, storm)
  if (choice.kind !== 'own') return choice
  // What hid behind a problem of the app's set-up is told where that was told.
  const cardId = yield* setUpCard(q, tables, grant, card)
  return cardId === null ? choice : { kind: 'reuse', cardId }
}

function* isShared(q: Queries, { outages }: Tables, cardId: string, connectionId: string): Steps<boolean> {
  const others = and(eq(outages.cardId, cardId), ne(outages.connectionId, connectionId))
  return (yield* rows(q.select({ id: outages.id }).from(outages).where(others).limit(1))).length > 0
}

function* grantOf(q: Queries, { connections, grants }: Tables, connectionId: string): Steps<Grant> {
  const [found] = yield* rows(
    q
      .select({ grant: grants })
      .from(connections)
      .innerJoin(grants, eq(grants.id, connections.grantId))
      .where(eq(connections.id, connectionId)),
  )
  if (!found) throw new Error(`the grant of connection ${connectionId} vanished`)
  return found.grant
}

/** A card that had to be posted elsewhere is still one of its channel. */
function isOfChannel({ messages }: Tables, { teamId, channelId }: Message): SQL | undefined {
  const home = sql`coalesce(${messages.detourFrom}, ${messages.channelId})`
  return and(eq(messages.kind, 'outage'), eq(messages.teamId, teamId), eq(home, channelId))
}

function* askingCards(
  q: Queries,
  tables: Tables,
  { kind, cause }: Began,
  grant: Grant,
  card: Message,
  which?: SQL,
): Steps<AskingCard[]> {
  const { connections, escalations, grants, messages, outages } = tables
  const sameTrouble = kind === 'authorization' ? eq(outages.kind, kind) : and(eq(outages.kind, kind), eq(outages.cause, cause))
  const any = (isSo: SQL | undefined) => sql<number>`max(case when ${isSo} then 1 else 0 end)`
  const found = yield* rows(
    q
      .select({
        cardId: messages.id,
        since: escalations.openedAt,
        stormSince: messages.stormSince,
        joinedAt: max(outages.openedAt),
        sharesLogin: any(and(sameTrouble, eq(connections.grantId, grant.id))),
        sharesCause: any(and(isOfApp(tables, grant), eq(outages.kind, kind), eq(outages.cause, cause))),
      })
      .from(outages)
      .innerJoin(messages, eq(messages.id, outages.cardId))
      .innerJoin(escalations, and(eq(escalations.messageId, messages.id), isNull(escalations.endedAt)))
      .innerJoin(connections, eq(connections.id, outages.connectionId))
      .innerJoin(grants, eq(grants.id, connections.grantId))
      .where(and(isNull(outages.closedAt), isOfChannel(tables, card), which))
      .groupBy(messages.id, escalations.openedAt, messages.stormSince),
  )
  return found.map(({ stormSince, joinedAt, sharesLogin, sharesCause, ...one }) => ({
    ...one,
    joinedAt: joinedAt ?? one.since,
    isStorm: stormSince !== null,
    sharesLogin: sharesLogin === 1,
    sharesCause: sharesCause === 1,
  }))
}

function* recentCards(q: Queries, tables: Tables, card: Message, since: Date): Steps<number> {
  const { escalations, messages, outages } = tables
  const [found] = yield* rows(
    q
      .select({ count: countDistinct(outages.cardId) })
      .from(outages)
      .innerJoin(messages, eq(messages.id, outages.cardId))
      .innerJoin(escalations, eq(escalations.messageId, messages.id))
      .where(and(gt(outages.openedAt, since), gt(escalations.openedAt, since), isOfChannel(tables, card))),
  )
  return found?.count ?? 0
}

/** The open card of its channel that tells what is wrong with the app's set-up, and asks nobody for anything. */
function* setUpCard(q: Queries, tables: Tables, grant: Grant, card: Message): Steps<string | null> {
  const { connections, escalations, grants, messages, outages } = tables
  const asksNobody = isNull(escalations.messageId)
  const [found] = yield* rows(
    q
      .select({ id: messages.id })
      .from(outages)
      .innerJoin(messages, eq(messages.id, outages.cardId))
      .leftJoin(escalations, and(eq(escalations.messageId, messages.id), isNull(escalations.endedAt)))
      .innerJoin(connections, eq(connections.id, outages.connectionId))
      .innerJoin(grants, eq(grants.id, connections.grantId))
      .where(
        and(
          isNull(outages.closedAt),
          eq(outages.kind, 'misconfigured'),
          isOfApp(tables, grant),
          isOfChannel(tables, card),
          asksNobody,
        ),
      )
      .limit(1),
  )
  return found?.id ?? null
}

function isOfApp({ grants }: Tables, { provider, clientId, tokenOrigin }: Grant): SQL | undefined {
  return and(eq(grants.provider, provider), eq(grants.clientId, clientId), eq(grants.tokenOrigin, tokenOrigin))
}

/** The card of the connection's last outage, if that ended just now and it stands where its next one would. That of a storm does not ask again. */
function* lastCard(
  q: Queries,
  { escalations, messages, outages }: Tables,
  { connectionId }: Began,
  card: Message,
  closedAfter: Date,
): Steps<string | null> {
  const [last] = yield* rows(
    q
      .select({ id: messages.id })
      .from(outages)
      .innerJoin(messages, eq(messages.id, outages.cardId))
      .leftJoin(escalations, and(eq(escalations.messageId, messages.id), isNull(escalations.endedAt)))
      .where(
        and(
          eq(outages.connectionId, connectionId),
          gt(outages.closedAt, closedAfter),
          eq(messages.channelId, card.channelId),
          or(isNull(messages.stormSince), isNotNull(escalations.messageId)),
        ),
      )
      .orderBy(desc(outages.closedAt))
      .limit(1),
  )
  return last?.id ?? null
}
