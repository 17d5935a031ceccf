import type { Connection } from '../connections/connection.ts'
import type { Silence } from '../warnings/warning.ts'
import type { Listed, PastOutage, UptimeRow, WeekSilence, WeekUptime } from './digest.ts'

export interface Span {
  readonly from: Date
  readonly until: Date
}

const ROWS = 10
/** Of one connection; what flaps more often is drawn by its longest times. */
const SPANS = 40

/** What lies within `within`, in order; what overlaps or touches is one. */
export function union(spans: readonly Span[], within: Span): Span[] {
  const [from, until] = [within.from.getTime(), within.until.getTime()]
  const inside = spans
    .map((span) => ({ from: Math.max(span.from.getTime(), from), until: Math.min(span.until.getTime(), until) }))
    .filter((span) => span.until > span.from)
    .sort((a, b) => a.from - b.from)
  const merged: { from: number; until: number }[] = []
  for (const span of inside) {
    const last = merged.at(-1)
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until)
    else merged.push(span)
  }
  return merged.map((span) => ({ from: new Date(span.from), until: new Date(span.until) }))
}

export function lengthMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, until }) => sum + until.getTime() - from.getTime(), 0)
}

/** The part of `within` in which it was not down, in [0, 1]. Of no time at all it is 1. */
export function uptimeOf(down: readonly Span[], within: Span): number {
  const whole = lengthMs([within])
  return whole <= 0 ? 1 : 1 - lengthMs(union(down, within)) / whole
}

/** When a connection was without its authorization: from the last proof on, since nothing is known to have worked after it. */
export function outSpan({ lastProofAt, openedAt, closedAt }: PastOutage, now: Date): Span {
  return { from: lastProofAt < openedAt ? lastProofAt : openedAt, until: closedAt ?? now }
}

/** Of each connection: when its provider gave no usable answer. */
export function silentSpans(silences: readonly Silence[], now: Date): Map<string, Span[]> {
  const spans = new Map<string, Span[]>()
  const add = (id: string, since: string, until: Date) =>
    spans.set(id, [...(spans.get(id) ?? []), { from: new Date(since), until }])
  for (const { silent, back } of silences) {
    for (const { id, since } of silent) add(id, since, now)
    for (const { id, since, until } of back) add(id, since, new Date(until))
  }
  return spans
}

/** How the connections of a channel did. */
export function weekUptime(
  connections: readonly Connection[],
  outages: ReadonlyMap<string, readonly PastOutage[]>,
  silences: ReadonlyMap<string, readonly Span[]>,
  week: Span,
  label: (provider: string) => string,
): WeekUptime {
  const rows = connections.map((one) => rowOf(one, outages.get(one.id) ?? [], silences.get(one.id) ?? [], week))
  const worst = [...rows].sort((a, b) => a.uptime - b.uptime || (a.name < b.name ? -1 : 1))
  return {
    connections: connections.length,
    worked: rows.filter(({ downMs }) => downMs === 0).length,
    rows: firstOf(worst, ROWS),
    silences: silencesOf(connections, silences, week, label),
  }
}

function rowOf(
  { name, accountName, addedAt }: Connection,
  outages: readonly PastOutage[],
  silent: readonly Span[],
  week: Span,
): UptimeRow {
  const isNew = addedAt > week.from
  const within = { from: isNew ? addedAt : week.from, until: week.until }
  const out = union(
    outages.map((outage) => outSpan(outage, week.until)),
    within,
  )
  const quiet = union(silent, within)
  const down = union([...out, ...quiet], within)
  const spans = [...told('out', out), ...told('silent', quiet)]
  return {
    name,
    accountName,
    addedAt: isNew ? addedAt.toISOString() : null,
    uptime: uptimeOf(down, within),
    downMs: lengthMs(down),
    spans: spans.sort((a, b) => (a.from < b.from ? -1 : 1)),
  }
}

function told(kind: 'out' | 'silent', spans: readonly Span[]): UptimeRow['spans'] {
  const longest = [...spans].sort((a, b) => lengthMs([b]) - lengthMs([a])).slice(0, SPANS)
  return longest.map(({ from, until }) => ({ kind, from: from.toISOString(), until: until.toISOString() }))
}

function silencesOf(
  connections: readonly Connection[],
  silences: ReadonlyMap<string, readonly Span[]>,
  week: Span,
  label: (provider: string) => string,
): WeekSilence[] {
  const silent = connections.filter(({ id }) => union(silences.get(id) ?? [], week).length > 0)
  return [...Map.groupBy(silent, ({ provider }) => provider)].map(([provider, ones]) => {
    const spans = ones.flatMap(({ id }) => silences.get(id) ?? [])
    return { provider: label(provider), connections: ones.length, ms: lengthMs(union(spans, week)) }
  })
}

export function firstOf<T>(all: readonly T[], count: number): Listed<T> {
  return { first: all.slice(0, count), others: Math.max(0, all.length - count) }
}
