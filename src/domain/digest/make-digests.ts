import { DAY_MS, later } from '../../clock.ts'
import type { ConnectionOverview } from '../connections/connection-store.ts'
import type { Day } from '../day.ts'
import type { Deps } from '../deps.ts'
import { weekBreaks } from './breaks.ts'
import type { CountedSince, Counters, Digest, PastOutage } from './digest.ts'
import { weekBefore } from './digest-time.ts'
import { RECURRENCE_MS, recurrencesOf } from './recurrences.ts'
import { silentSpans, weekUptime } from './uptime.ts'
import { type AccountCosts, readAccountCosts, weekCosts } from './week-costs.ts'
import { endingsBefore, weekEndings } from './week-endings.ts'
import { weekTouchpoints } from './week-touchpoints.ts'

/** Of any zone, and of a digest that comes late. */
const LONGEST_WEEK_MS = 9 * DAY_MS
/** Whose names are asked for; of more the providers' user names are told. */
const NAMES_ASKED = 25

export type DigestDeps = Pick<Deps, 'store' | 'clock' | 'settings' | 'slack' | 'providers'>

/** What a week of a workspace is told of, read once for all its channels. */
interface Read {
  readonly now: Date
  readonly overviews: readonly ConnectionOverview[]
  readonly outages: readonly PastOutage[]
  readonly silences: ReturnType<typeof silentSpans>
  readonly counted: ReadonlyMap<string, CountedSince>
  readonly costs: ReadonlyMap<string, AccountCosts>
  readonly logins: Awaited<ReturnType<Deps['store']['grants']['endingBefore']>>
  label(provider: string): string
  nameOf(userId: string): Promise<string | null>
}

export interface MadeDigest {
  readonly digest: Digest
  readonly counters: readonly (Counters & { readonly connectionId: string })[]
}

/** A channel whose week is told. */
export interface DigestPlace {
  readonly timeZone: string
  /** Channels of its connections: the same one, or none, which means the default channel. */
  readonly channels: ReadonlySet<string | null>
}

/** Makes the digests of some channels of a workspace. */
export async function digestMaker(
  deps: DigestDeps,
  teamId: string,
  week: Day,
): Promise<(place: DigestPlace) => Promise<MadeDigest>> {
  const read = await readAll(deps, teamId)
  return (place) => makeDigest(deps, read, week, place)
}

async function readAll(deps: DigestDeps, teamId: string): Promise<Read> {
  const { store, clock } = deps
  const now = clock.now()
  return {
    now,
    overviews: await store.connections.overviews(teamId),
    outages: await store.digests.outages(teamId, later(now, -RECURRENCE_MS)),
    silences: silentSpans(await store.digests.silences(teamId, later(now, -LONGEST_WEEK_MS)), now),
    counted: new Map((await store.digests.counters(teamId)).map((one) => [one.connectionId, one])),
    costs: await readAccountCosts(deps, teamId, now),
    logins: await store.grants.endingBefore(endingsBefore(now)),
    label: (provider) => deps.providers.get(provider)?.label ?? provider,
    nameOf: nameAsker(deps, teamId),
  }
}

async function makeDigest(
  { settings }: DigestDeps,
  read: Read,
  week: Day,
  { timeZone, channels }: DigestPlace,
): Promise<MadeDigest> {
  const { now, label } = read
  const here = read.overviews.filter(({ connection }) => channels.has(connection.channelId))
  const working = here.filter(({ connection }) => connection.health.status !== 'paused')
  const connections = working.map(({ connection }) => connection)
  const byId = new Map(connections.map((one) => [one.id, one]))
  const outages = read.outages.filter(({ connectionId }) => byId.has(connectionId))
  const span = weekBefore(timeZone, now)
  const byConnection = Map.groupBy(outages, ({ connectionId }) => connectionId)
  const digest: Digest = {
    week,
    timeZone,
    from: span.from.toISOString(),
    until: span.until.toISOString(),
    uptime: weekUptime(connections, byConnection, read.silences, span, label),
    breaks: await weekBreaks(outages, byId, span, label, read.nameOf),
    touchpoints: weekTouchpoints(here, read.counted, span.from),
    costs: weekCosts(connections, read.costs, label),
    endings: weekEndings(byId, read.logins, settings.secretEnds, now, label),
    recurrences: recurrencesOf(outages, byId, span.from, now, label),
  }
  const counters = here.flatMap(({ connection: { id, kind } }) => {
    const counted = kind === 'crm' ? read.counted.get(id) : undefined
    return counted ? [{ connectionId: id, ...counted.now }] : []
  })
  return { digest, counters }
}

/** Names instead of mentions, which would ping people about what is over. */
function nameAsker({ slack }: DigestDeps, teamId: string): (userId: string) => Promise<string | null> {
  const known = new Map<string, string | null>()
  return async (userId) => {
    const before = known.get(userId)
    if (before !== undefined) return before
    if (known.size >= NAMES_ASKED) return null
    const name = (await slack.person(teamId, userId))?.name ?? null
    known.set(userId, name)
    return name
  }
}
