import { DAY_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { listedNames } from './breaks.ts'
import type { Listed, PastOutage, Recurrence } from './digest.ts'
import { firstOf } from './uptime.ts'

/** So far back breaks are counted. */
export const RECURRENCE_DAYS = 60
export const RECURRENCE_MS = RECURRENCE_DAYS * DAY_MS
/** From so many on it is no accident. */
const TIMES = 3
const LISTED = 3

/**
 * Connections that broke again since `since`, the third time or oftener within 60 days. What turned out to be no break is not counted.
 * Connections of one login that broke equally often for the same reasons are told as one.
 */
export function recurrencesOf(
  outages: readonly PastOutage[],
  connections: ReadonlyMap<string, Connection>,
  since: Date,
  now: Date,
  label: (provider: string) => string,
): Listed<Recurrence> {
  const counted = outages.filter(
    ({ openedAt, closedHow }) => closedHow !== 'withdrawn' && now.getTime() - openedAt.getTime() <= RECURRENCE_MS,
  )
  const alike = new Map<string, { connections: Connection[]; causes: Recurrence['causes']; times: number }>()
  for (const [id, breaks] of Map.groupBy(counted, ({ connectionId }) => connectionId)) {
    const connection = connections.get(id)
    if (!connection || breaks.length < TIMES || !breaks.some(({ openedAt }) => openedAt > since)) continue
    const causes = causesOf(breaks)
    const key = JSON.stringify([connection.grantId, causes])
    const group = alike.get(key)
    if (group) group.connections.push(connection)
    else alike.set(key, { connections: [connection], causes, times: breaks.length })
  }
  const told = [...alike.values()].map((group) => ({
    ...listedNames(group.connections),
    provider: label(group.connections[0]?.provider ?? ''),
    times: group.times,
    causes: group.causes,
  }))
  return firstOf(
    told.sort((a, b) => b.times - a.times),
    LISTED,
  )
}

function causesOf(breaks: readonly PastOutage[]): Recurrence['causes'] {
  const causes = [...Map.groupBy(breaks, ({ kind, cause }) => `${kind} ${cause}`).values()].flatMap((alike) => {
    const [first] = alike
    return first ? { kind: first.kind, cause: first.cause, times: alike.length } : []
  })
  return causes.sort((a, b) => b.times - a.times || (a.cause < b.cause ? -1 : 1))
}
