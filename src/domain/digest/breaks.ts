import { later, MINUTE_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { namesOf } from '../warnings/warning.ts'
import type { Break, Names, PastOutage, WeekBreaks } from './digest.ts'
import { firstOf, outSpan, type Span } from './uptime.ts'

/** What breaks within this time, with one login and for one reason, broke together. */
const TOGETHER_MS = 10 * MINUTE_MS
const LISTED = 5
const NAMED = 3
const PEOPLE = 5

/** Connections of one login that broke together. */
export interface BrokenTogether {
  readonly first: PastOutage
  readonly connections: readonly Connection[]
  /** Null: one of them is still open. */
  readonly closedAt: Date | null
  /** Of the one that was back last. */
  readonly last: PastOutage
}

/** Outages of connections that are there, together as they broke; those of others are left out. In the order in which they opened. */
export function brokenTogether(outages: readonly PastOutage[], connections: ReadonlyMap<string, Connection>): BrokenTogether[] {
  const groups: { key: string; newest: Date; outages: PastOutage[] }[] = []
  const open = new Map<string, (typeof groups)[number]>()
  for (const outage of [...outages].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())) {
    const connection = connections.get(outage.connectionId)
    if (!connection) continue
    const key = [connection.grantId, outage.kind, outage.cause].join(' ')
    const group = open.get(key)
    if (group && outage.openedAt <= later(group.newest, TOGETHER_MS)) {
      group.newest = outage.openedAt
      group.outages.push(outage)
    } else {
      const begun = { key, newest: outage.openedAt, outages: [outage] }
      open.set(key, begun)
      groups.push(begun)
    }
  }
  return groups.flatMap(({ outages: together }) => asOne(together, connections))
}

function asOne(outages: readonly PastOutage[], connections: ReadonlyMap<string, Connection>): BrokenTogether[] {
  const [first] = outages
  if (!first) return []
  const last = outages.reduce((latest, one) => (endOf(one) > endOf(latest) ? one : latest), first)
  const broken = new Map(outages.flatMap(({ connectionId: id }) => [[id, connections.get(id)] as const]))
  return [{ first, last, closedAt: last.closedAt, connections: [...broken.values()].filter((one) => one !== undefined) }]
}

function endOf({ closedAt }: PastOutage): number {
  return closedAt?.getTime() ?? Number.POSITIVE_INFINITY
}

/** What broke in a week, or was still broken, and how it came back. `nameOf`: a person of Slack, if that is known. */
export async function weekBreaks(
  outages: readonly PastOutage[],
  connections: ReadonlyMap<string, Connection>,
  week: Span,
  label: (provider: string) => string,
  nameOf: (userId: string) => Promise<string | null>,
): Promise<WeekBreaks> {
  const inWeek = outages.filter((one) => {
    const { from, until } = outSpan(one, week.until)
    return from < week.until && (one.closedAt === null || until > week.from)
  })
  const together = brokenTogether(inWeek, connections)
  const lasted = (one: BrokenTogether) => (one.closedAt ?? week.until).getTime() - one.first.openedAt.getTime()
  const ordered = [...together].sort((a, b) => Number(a.closedAt !== null) - Number(b.closedAt !== null) || lasted(b) - lasted(a))
  const mended = together.filter(({ closedAt, last }) => closedAt !== null && last.closedHow === 'reauthorized')
  const who = new Map<string, number>()
  const listed = firstOf(ordered, LISTED)
  const names = new Map<PastOutage, string | null>()
  for (const { last } of mended) {
    const name = await whoMended(last, nameOf)
    names.set(last, name)
    if (name !== null) who.set(name, (who.get(name) ?? 0) + 1)
  }
  const times = mended.map(lasted)
  return {
    count: together.length,
    open: together.filter(({ closedAt }) => closedAt === null).length,
    list: { ...listed, first: listed.first.map((one) => breakOf(one, names.get(one.last) ?? null, label)) },
    logins: times.length === 0 ? null : { count: times.length, medianMs: median(times), longestMs: Math.max(...times) },
    by: firstOf(
      [...who].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
      PEOPLE,
    ),
  }
}

async function whoMended(
  { closedBy, closedByUsername }: PastOutage,
  nameOf: (userId: string) => Promise<string | null>,
): Promise<string | null> {
  return (closedBy === null ? null : await nameOf(closedBy)) ?? closedByUsername
}

function breakOf(
  { first, last, closedAt, connections }: BrokenTogether,
  closedBy: string | null,
  label: (provider: string) => string,
): Break {
  return {
    ...listedNames(connections),
    provider: label(connections[0]?.provider ?? ''),
    kind: first.kind,
    cause: first.cause,
    openedAt: first.openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    closedHow: closedAt === null ? null : last.closedHow,
    closedBy,
  }
}

export function listedNames(connections: readonly Connection[]): Names {
  const { first, others } = firstOf(connections, NAMED)
  return { connections: namesOf(first), others }
}

/** Of an even number of values, what lies between the two in the middle. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('nothing has no median')
  return (lower + upper) / 2
}
