import type { Message } from '../cards/card.ts'
import type { OutageKind } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Day, Days } from '../day.ts'
import type { Named, Silence } from '../warnings/warning.ts'

/**
 * What a channel is told of a week. Times are ISO 8601 and amounts decimals, since this is stored as JSON. Lists hold the first of many
 * and say how many more there are; paused connections are left out of everything but what was pushed before.
 */
export interface Digest {
  /** The Monday on which it is told, a day of `timeZone`. */
  readonly week: Day
  readonly timeZone: string
  /** Seven days of the calendar: an hour more or less when clocks change. */
  readonly from: string
  readonly until: string
  readonly uptime: WeekUptime
  readonly breaks: WeekBreaks
  /** Null: there is no CRM, or nothing was counted before. */
  readonly touchpoints: WeekTouchpoints | null
  /** Null: there is no ad platform. */
  readonly costs: WeekCosts | null
  readonly endings: Listed<Ending>
  readonly recurrences: Listed<Recurrence>
}

export interface Listed<T> {
  readonly first: readonly T[]
  readonly others: number
}

export interface WeekUptime {
  readonly connections: number
  /** Those that worked all the time. */
  readonly worked: number
  /** The worst first. */
  readonly rows: Listed<UptimeRow>
  readonly silences: readonly WeekSilence[]
}

export interface UptimeRow {
  readonly name: string
  readonly accountName: string
  /** It was added within the week, and is looked at since then. */
  readonly addedAt: string | null
  /** In [0, 1]: the part of its time in which it worked. */
  readonly uptime: number
  readonly downMs: number
  /** In order. `out`: it needed somebody. `silent`: its provider gave no usable answer. */
  readonly spans: readonly { readonly kind: 'out' | 'silent'; readonly from: string; readonly until: string }[]
}

/** A provider that gave no usable answer, for a time that is told as such. */
export interface WeekSilence {
  readonly provider: string
  readonly connections: number
  readonly ms: number
}

/** Several connections that one login lost together. */
export interface Names {
  readonly connections: readonly Named[]
  readonly others: number
}

/** Connections of one login that broke together, for the same reason. */
export interface Break extends Names {
  /** As people write it. */
  readonly provider: string
  readonly kind: OutageKind
  readonly cause: string
  readonly openedAt: string
  readonly closedAt: string | null
  readonly closedHow: Outage['closedHow']
  /** Who logged in, by name. */
  readonly closedBy: string | null
}

export interface WeekBreaks {
  readonly count: number
  readonly open: number
  /** Those that are still open, then the longest. */
  readonly list: Listed<Break>
  /** From the card to the login; null: nobody had to log in. */
  readonly logins: { readonly count: number; readonly medianMs: number; readonly longestMs: number } | null
  readonly by: Listed<{ readonly name: string; readonly count: number }>
}

export interface WeekTouchpoints {
  /** Counted since then: the last digest, unless one was left out. */
  readonly since: string
  readonly pushed: number
  readonly superseded: number
  readonly rejected: number
  /** As of now. */
  readonly waiting: number
  /** CRMs that are counted from now on only. */
  readonly uncounted: number
}

export interface WeekCosts {
  readonly accounts: number
  /** Of those: all seven days are whole. */
  readonly whole: number
  /** Of the days that are whole. */
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[]
  readonly incomplete: Listed<Named & { readonly provider: string; readonly wholeDays: number; readonly lostDays: number }>
}

/** A login or a client secret that ends within the next weeks. */
export interface Ending extends Names {
  readonly kind: 'login' | 'secret'
  readonly provider: string
  readonly endsAt: string
}

/** Connections of one login that broke again and again. */
export interface Recurrence extends Names {
  readonly provider: string
  readonly times: number
  /** The most frequent first. */
  readonly causes: readonly { readonly kind: OutageKind; readonly cause: string; readonly times: number }[]
}

export type PastOutage = Pick<
  Outage,
  'connectionId' | 'kind' | 'cause' | 'lastProofAt' | 'openedAt' | 'closedAt' | 'closedHow' | 'closedBy' | 'closedByUsername'
>

/** Of a connection's outbox; they never fall. */
export interface Counters {
  readonly pushed: number
  readonly superseded: number
  readonly rejected: number
}

export interface CountedSince {
  readonly connectionId: string
  readonly now: Counters
  /** At the last digest; null: there was none. */
  readonly before: (Counters & { readonly at: Date }) | null
}

/** What is known of the days of one ad account. */
export interface CostSum {
  readonly connectionId: string
  readonly wholeDays: number
  readonly lostDays: number
  /** Of the whole ones, in millionths. */
  readonly micros: bigint
}

export interface NewDigest {
  readonly teamId: string
  readonly channelId: string
  readonly digest: Digest
  readonly counters: readonly (Counters & { readonly connectionId: string })[]
}

/** What we ask of the store for digests; whole facts like those of `Store`. */
export interface DigestStore {
  /** Where there are connections, in a workspace or in all, and when the first of each was added. `channelId` null: the default channel. */
  places(teamId?: string): Promise<{ readonly teamId: string; readonly channelId: string | null; readonly firstAddedAt: Date }[]>
  /** Which channels have their digest of the week. */
  made(week: Day): Promise<{ readonly teamId: string; readonly channelId: string }[]>
  /** Those of a workspace that were open at `since` or later, the first opened first. */
  outages(teamId: string, since: Date): Promise<PastOutage[]>
  /** What was told of providers that gave no answer, and was true at `since` or later. */
  silences(teamId: string, since: Date): Promise<Silence[]>
  counters(teamId: string): Promise<CountedSince[]>
  /** Ad accounts of a workspace; both null until the first download. */
  costAccounts(
    teamId: string,
  ): Promise<{ readonly connectionId: string; readonly currency: string | null; readonly timeZone: string | null }[]>
  /** Of every account of this time zone. */
  costSums(teamId: string, timeZone: string, days: Days): Promise<CostSum[]>
  /** With its message, which is due at once; the next one counts from these counters. False: this week has its digest already. */
  make(made: NewDigest, message: Message, at: Date): Promise<boolean>
  ofMessage(messageId: string): Promise<Digest | undefined>
}
