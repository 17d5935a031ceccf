import { and, asc, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { InvitationStore } from '../../domain/access/invitation.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { record } from './history.ts'
import { fromMessage } from './records.ts'

export function invitationStore(dialect: Dialect): InvitationStore {
  const { queries, tables } = dialect
  const { invitations, messages } = tables
  return {
    add: (invitation, notice, audit) =>
      dialect.atomically(function* (q) {
        yield* rows(q.insert(invitations).values(invitation).returning({ id: invitations.id }))
        if (notice) yield* rows(q.insert(messages).values(fromMessage(notice, notice.createdAt)).returning({ id: messages.id }))
        yield* record(q, tables, audit)
      }),
    find: async (id) => {
      const [invitation] = await queries.select().from(invitations).where(eq(invitations.id, id))
      return invitation
    },
    open: async (connectionId, now) =>
      queries
        .select()
        .from(invitations)
        .where(and(isOpen(tables, connectionId), gt(invitations.expiresAt, now)))
        .orderBy(asc(invitations.invitedAt), asc(invitations.id)),
    withdraw: (connectionId, at, notice, audit) =>
      dialect.atomically(function* (q) {
        const withdrawn = yield* rows(
          q
            .update(invitations)
            .set({ endedAt: at, endedHow: 'withdrawn' })
            .where(and(isOpen(tables, connectionId), gt(invitations.expiresAt, at)))
            .returning({ id: invitations.id }),
        )
        if (withdrawn.length === 0) return 0
        if (notice) yield* rows(q.insert(messages).values(fromMessage(notice, notice.createdAt)).returning({ id: messages.id }))
        yield* record(q, tables, audit)
        return withdrawn.length
      }),
    forgetExpired: async (before) => {
      const forgotten = await queries
        .delete(invitations)
        .where(lt(invitations.expiresAt, before))
        .returning({ id: invitations.id })
      return forgotten.length
    },
  }
}

/**
 * Whether it can still be used; a login that was begun in time may end a little later. What uses it up raises its connection's version,
 * so no two can.
 */
export function* isUsable(q: Queries, { invitations }: Tables, id: string): Steps<boolean> {
  const usable = and(eq(invitations.id, id), isNull(invitations.endedAt))
  return (yield* rows(q.select({ id: invitations.id }).from(invitations).where(usable))).length > 0
}

/** A login has ended the need for all invitations of a connection; `usedId` is the one that it came by. */
export function* endInvitations(q: Queries, tables: Tables, connectionId: string, at: Date, usedId: string | null): Steps<void> {
  const { invitations } = tables
  const end = (endedHow: 'used' | 'over') => q.update(invitations).set({ endedAt: at, endedHow })
  if (usedId !== null) yield* rows(end('used').where(eq(invitations.id, usedId)).returning({ id: invitations.id }))
  yield* rows(end('over').where(isOpen(tables, connectionId)).returning({ id: invitations.id }))
}

function isOpen({ invitations }: Tables, connectionId: string) {
  return and(eq(invitations.connectionId, connectionId), isNull(invitations.endedAt))
}
