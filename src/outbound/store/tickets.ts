import { lte } from 'drizzle-orm'
import type { TicketStore } from '../../domain/access/ticket-store.ts'
import type { Dialect } from './dialect.ts'

export function ticketStore({ queries, tables: { usedTickets } }: Dialect): TicketStore {
  return {
    useOnce: async (id, at, expiresAt) => {
      const used = await queries
        .insert(usedTickets)
        .values({ id, usedAt: at, expiresAt })
        .onConflictDoNothing()
        .returning({ id: usedTickets.id })
      return used.length > 0
    },
    forgetExpired: async (now) => {
      const forgotten = await queries.delete(usedTickets).where(lte(usedTickets.expiresAt, now)).returning({ id: usedTickets.id })
      return forgotten.length
    },
  }
}
