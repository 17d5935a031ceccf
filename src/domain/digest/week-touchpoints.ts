import type { Connection } from '../connections/connection.ts'
import type { ConnectionOverview } from '../connections/connection-store.ts'
import type { CountedSince, WeekTouchpoints } from './digest.ts'

/**
 * What went through the outboxes of these CRMs since the last digest. One that was added since then counts from its beginning; one
 * that was there before and was never counted is left out, since its counters have no dates. Null: there is nothing to tell.
 */
export function weekTouchpoints(
  overviews: readonly ConnectionOverview[],
  counted: ReadonlyMap<string, CountedSince>,
  weekFrom: Date,
): WeekTouchpoints | null {
  const crms = overviews.filter(({ connection }) => connection.kind === 'crm')
  const known = crms.flatMap(({ connection, backlog }) => {
    const since = sinceOf(connection, counted.get(connection.id), weekFrom)
    return since === null ? [] : [{ ...since, waiting: backlog.waiting }]
  })
  const first = known.reduce<Date | null>((least, { at }) => (least === null || at < least ? at : least), null)
  if (first === null) return null
  const total = (of: (one: (typeof known)[number]) => number) => known.reduce((sum, one) => sum + of(one), 0)
  return {
    since: first.toISOString(),
    pushed: total(({ pushed }) => pushed),
    superseded: total(({ superseded }) => superseded),
    rejected: total(({ rejected }) => rejected),
    waiting: total(({ waiting }) => waiting),
    uncounted: crms.length - known.length,
  }
}

function sinceOf({ addedAt }: Connection, counted: CountedSince | undefined, weekFrom: Date) {
  if (!counted) return null
  const { now, before } = counted
  if (before) {
    const { at, pushed, superseded, rejected } = before
    return {
      at,
      pushed: now.pushed - pushed,
      superseded: now.superseded - superseded,
      rejected: now.rejected - rejected,
    }
  }
  return addedAt < weekFrom ? null : { at: addedAt, ...now }
}
