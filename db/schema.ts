import type { Columns } from './columns.ts'
import { accessTables } from './tables/access.ts'
import { accountTables } from './tables/accounts.ts'
import { adTables } from './tables/ads.ts'
import { cardTables } from './tables/cards.ts'
import { digestTables } from './tables/digests.ts'
import { outboxTables } from './tables/outbox.ts'
import { workspaceTables } from './tables/workspaces.ts'

/** Every table of the database; what belongs together stands in one file of `tables`. */
export function defineTables(kit: Columns) {
  const { table, index, text, oneOf, integer, instant } = kit

  /** One row: what this database is for, and the last number given to a connection. */
  const meta = table('meta', {
    id: integer('id').primaryKey(),
    stamp: oneOf('stamp', ['live', 'sandbox']).notNull(),
    lastConnectionNo: integer('last_connection_no').notNull(),
  })

  const leases = table('leases', {
    name: text('name').primaryKey(),
    leasedBy: text('leased_by').notNull(),
    leasedUntil: instant('leased_until').notNull(),
  })

  const usedTickets = table(
    'used_tickets',
    {
      id: text('id').primaryKey(),
      usedAt: instant('used_at').notNull(),
      expiresAt: instant('expires_at').notNull(),
    },
    (t) => [index('used_tickets_expiry').on(t.expiresAt)],
  )

  const accounts = accountTables(kit)
  const cards = cardTables(kit, accounts)
  return {
    meta,
    leases,
    usedTickets,
    ...accounts,
    ...accessTables(kit),
    ...cards,
    ...outboxTables(kit, accounts),
    ...adTables(kit, accounts, cards),
    ...digestTables(kit),
    ...workspaceTables(kit),
  }
}

export type Tables = ReturnType<typeof defineTables>
