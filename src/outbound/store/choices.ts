import { asc, eq, inArray, lte } from 'drizzle-orm'
import type { Addition, ChoiceStore } from '../../domain/access/choice.ts'
import type { Message } from '../../domain/cards/card.ts'
import { beginWork } from './add-connection.ts'
import { type Dialect, type Program, rows } from './dialect.ts'
import { forgetUnusedGrant, holdGrant } from './grants.ts'
import { fromConnection, fromMessage } from './records.ts'

/** Most choices ended in one transaction; the others follow in the next. */
const AT_ONCE = 100

export function choiceStore(dialect: Dialect): ChoiceStore {
  const { queries, tables } = dialect
  const { choices, grants } = tables
  return {
    offer: (choice, newGrant) =>
      dialect.atomically(function* (q) {
        if (newGrant) yield* rows(q.insert(grants).values(newGrant).returning({ id: grants.id }))
        else if (!(yield* holdGrant(q, tables, choice.grantId))) return false
        yield* rows(q.insert(choices).values(choice).returning({ id: choices.id }))
        return true
      }),
    find: async (id) => {
      const [choice] = await queries.select().from(choices).where(eq(choices.id, id))
      return choice
    },
    settle: (choiceId, additions, posted, firstCheckAt) =>
      dialect.atomically(settleProgram(dialect, choiceId, additions, posted, firstCheckAt), 6 * additions.length + 2),
    forgetExpired: (now) =>
      dialect.atomically(function* (q) {
        const due = yield* rows(
          q.select().from(choices).where(lte(choices.expiresAt, now)).orderBy(asc(choices.expiresAt)).limit(AT_ONCE),
        )
        if (due.length === 0) return 0
        const ids = due.map(({ id }) => id)
        const ended = yield* rows(q.delete(choices).where(inArray(choices.id, ids)).returning({ grantId: choices.grantId }))
        const left = [...new Set(ended.map(({ grantId }) => grantId))].sort()
        for (const grantId of left) yield* forgetUnusedGrant(q, tables, grantId)
        return ended.length
      }),
  }
}

/** Holds the choice first and then its grant, so that of two that settle it the second finds it gone. */
function settleProgram(
  { tables }: Dialect,
  choiceId: string,
  additions: readonly Addition[],
  posted: readonly Message[],
  firstCheckAt: Date,
): Program<'settled' | 'taken' | 'gone'> {
  const { audit, choices, connections, messages } = tables
  return function* (q) {
    const [choice] = yield* rows(q.update(choices).set({ id: choiceId }).where(eq(choices.id, choiceId)).returning())
    if (!choice || !(yield* holdGrant(q, tables, choice.grantId))) return 'gone'
    if (additions.length > 0) {
      const wanted = additions.map(({ connection }) => fromConnection(connection))
      const added = yield* rows(q.insert(connections).values(wanted).onConflictDoNothing().returning({ id: connections.id }))
      const ids = added.map(({ id }) => id)
      if (ids.length < additions.length) {
        yield* rows(q.delete(connections).where(inArray(connections.id, ids)).returning({ id: connections.id }))
        return 'taken'
      }
      yield* beginWork(
        q,
        tables,
        additions.map(({ connection }) => connection),
        firstCheckAt,
      )
      yield* rows(
        q
          .insert(audit)
          .values(additions.map((one) => one.audit))
          .returning({ id: audit.id }),
      )
    }
    for (const message of posted)
      yield* rows(q.insert(messages).values(fromMessage(message, message.createdAt)).returning({ id: messages.id }))
    yield* rows(q.delete(choices).where(eq(choices.id, choiceId)).returning({ id: choices.id }))
    if (additions.length === 0) yield* forgetUnusedGrant(q, tables, choice.grantId)
    return 'settled'
  }
}
