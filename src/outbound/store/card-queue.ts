import type { SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { plus } from './records.ts'

/** Makes messages due with what their state is now. A message that was given up gets a new chance. Answers how many. */
export function* bump(
  q: Queries,
  { messages }: Tables,
  which: SQL | undefined,
  at: Date,
  also: { readonly catchUpId?: string | null; readonly outageId?: string } = {},
): Steps<number> {
  const bumped = yield* rows(
    q
      .update(messages)
      .set({ ...also, wanted: plus(messages.wanted, 1), dueAt: at, attempts: 0, trouble: null, gaveUp: false })
      .where(which)
      .returning({ id: messages.id }),
  )
  return bumped.length
}
